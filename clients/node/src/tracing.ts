import type { DueJob } from '../gen/dueline/v1/scheduler.js';

const api = await import('@opentelemetry/api').catch(() => undefined);

/** Runs a handler in a span that continues the trace of the job's attributes, if there is tracing. */
export function inSpan<T>(job: DueJob, run: () => Promise<T>): Promise<T> {
  if (!api) return run();
  const { context, propagation, trace, SpanKind, SpanStatusCode } = api;
  const parent = propagation.extract(context.active(), job.attributes);
  const attributes = {
    'messaging.system': 'dueline',
    'messaging.destination.name': job.queue,
    'messaging.message.id': job.jobId,
  };
  const options = { kind: SpanKind.CONSUMER, attributes };
  return trace.getTracer('dueline').startActiveSpan(`process ${job.queue}`, options, parent, async (span) => {
    try {
      return await run();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
