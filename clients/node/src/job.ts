import type { DueJob } from '../gen/dueline/v1/scheduler.js';
import type { Verdict } from './settler.js';

/** A job that fell due. */
export interface Job {
  readonly queue: string;
  readonly id: string;
  readonly payload: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
  /** 1 for the first delivery. */
  readonly attempt: number;
  readonly due: Date;
  /** When Redis leased it; less `due`, it is how late the job is. */
  readonly dispatched: Date;
  /** Names this delivery, for calls of your own. */
  readonly leaseToken: string;
}

/**
 * What becomes of a job: done when it returns, or tried again when it throws, by the job's retry
 * policy. The signal is aborted when the work no longer counts: the lease is lost, the handler
 * ran too long, or the worker is stopped without waiting.
 */
export type Handler = (job: Job, signal: AbortSignal) => Promise<HandlerResult> | HandlerResult;
export type HandlerResult = void | RetryIn | Dead;

/** Has a job tried again after a delay in milliseconds. May be returned or thrown. */
export class RetryIn {
  constructor(
    readonly delay: number,
    readonly reason = '',
  ) {}
}

/** Has a job go to the dead jobs, for a person to look at. May be returned or thrown. */
export class Dead {
  constructor(readonly reason: string) {}
}

export function toJob(from: DueJob): Job {
  return {
    queue: from.queue,
    id: from.jobId,
    payload: from.payload,
    attributes: from.attributes,
    attempt: from.attempt,
    due: from.dueTime!,
    dispatched: from.dispatchTime!,
    leaseToken: from.leaseToken,
  };
}

/** What the end of a handler means for its job. */
export function verdictOf(result: unknown, isThrown = false): Verdict {
  if (result instanceof RetryIn) return { is: 'nacked', reason: result.reason, delay: result.delay };
  if (result instanceof Dead) return { is: 'dead', reason: result.reason };
  if (!isThrown) return { is: 'acked' };
  return { is: 'nacked', reason: result instanceof Error ? result.message : String(result) };
}
