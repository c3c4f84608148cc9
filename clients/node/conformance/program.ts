/** Does with this library what the runner of the conformance suite says: clients/conformance/README.md. */
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import {
  connect,
  Dead,
  DuelineError,
  RetryIn,
  type Client,
  type Delivery,
  type HandlerResult,
  type Job,
  type ScheduleOptions,
  type Worker,
} from '../src/index.js';
import { JobState } from '../gen/dueline/v1/scheduler.js';

type Command = Record<string, any>;

let client: Client;
const workers = new Map<string, { worker: Worker; ended: Promise<void> }>();

function write(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function describe(error: unknown): object {
  if (error instanceof DuelineError) return { code: error.code, reason: error.reason, message: error.message };
  return { code: 'UNKNOWN', reason: '', message: String(error) };
}

function payloadOf({ payload = '', payload_size: size }: Command): string | Buffer {
  return size === undefined ? payload : Buffer.from(Array.from({ length: size }, (_, i) => i % 251));
}

function optionsOf(command: Command): ScheduleOptions {
  const { max_attempts: maxAttempts, initial_backoff_ms: initialBackoff } = command;
  return {
    id: command.job_id,
    in: command.delay_ms,
    cron: command.cron,
    attributes: command.attributes,
    retry: maxAttempts === undefined && initialBackoff === undefined ? undefined : { maxAttempts, initialBackoff },
    ttl: command.ttl_ms,
    onConflict: command.on_conflict?.toUpperCase(),
    requestId: command.request_id,
  };
}

async function scheduleMany(command: Command): Promise<object> {
  const { queue, prefix, count, delay_ms: after = 0, spread_ms: spread = 0 } = command;
  const producer = command.batching ? client.batching() : client;
  const failed: object[] = [];
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const i = next++;
      const id = `${prefix}-${i}`;
      const options = { ...optionsOf(command), id, in: after + Math.floor((i * spread) / count) };
      await producer.schedule(queue, id, options).catch((error) => failed.push({ job_id: id, error: describe(error) }));
    }
  };
  await Promise.all(Array.from({ length: command.concurrency ?? 50 }, lane));
  return { stored: count - failed.length, failed };
}

/** The handler of one worker. */
class Handling {
  running = 0;
  maxRunning = 0;

  constructor(private readonly worker: string) {}

  async handle(job: Job, signal: AbortSignal): Promise<HandlerResult> {
    this.running++;
    this.maxRunning = Math.max(this.maxRunning, this.running);
    const { queue, id: job_id, attempt, payload } = job;
    const payload_sha256 = createHash('sha256').update(payload).digest('hex');
    const { worker, running } = this;
    write({ event: 'begun', worker, queue, job_id, attempt, payload_size: payload.length, payload_sha256, running });
    signal.addEventListener('abort', () => write({ event: 'cancelled', worker, job_id, attempt }));
    try {
      return await this.#act(job, signal);
    } finally {
      this.running--;
    }
  }

  async #act({ attempt, attributes }: Job, signal: AbortSignal): Promise<HandlerResult> {
    if (attempt > Number(attributes.attempts ?? Infinity)) return;
    const ms = Number(attributes.ms);
    switch (attributes.do) {
      case 'sleep':
        await delay(ms, undefined, { signal });
        return;
      case 'hang':
        await delay(ms);
        return;
      case 'fail':
        throw new Error(attributes.message);
      case 'retry':
        return new RetryIn(ms);
      case 'dead':
        return new Dead(attributes.message ?? '');
    }
  }
}

function startWorker(command: Command): object {
  const { worker: name } = command;
  const handling = new Handling(name);
  const told = (event: string, { id, attempt }: Delivery, more = {}) =>
    write({ event, worker: name, job_id: id, attempt, ...more });
  const worker = client.worker(command.queues, (job, signal) => handling.handle(job, signal), {
    name,
    concurrency: command.concurrency,
    lease: command.lease_ms,
    heartbeat: command.heartbeat_ms,
    maxRunTime: command.max_run_ms,
    hooks: {
      connected: () => write({ event: 'connected', worker: name }),
      disconnected: (error) => write({ event: 'disconnected', worker: name, error: error ? describe(error) : null }),
      jobFinished: (delivery, outcome) => told('finished', delivery, { outcome }),
      leaseLost: (delivery) => told('lease_lost', delivery),
    },
  });
  const over = (error: unknown) =>
    write({ event: 'ended', worker: name, error: error ? describe(error) : null, max_running: handling.maxRunning });
  const ended = worker.run().then(() => over(null), over);
  workers.set(name, { worker, ended });
  return {};
}

async function stopWorker({ worker: name, mode, timeout_ms: timeout }: Command): Promise<object> {
  const { worker, ended } = workers.get(name)!;
  await worker.stop({ mode, timeout }).catch(() => {});
  await ended;
  return {};
}

async function iterate({ queues, count, lease_ms: lease }: Command): Promise<object> {
  const jobs: object[] = [];
  for await (const job of client.jobs(queues, { lease })) {
    if (job.attributes.do === 'dead') job.nack({ dead: true, reason: job.attributes.message });
    else job.ack();
    jobs.push({ job_id: job.id, attempt: job.attempt });
    if (jobs.length === count) break;
  }
  return { jobs };
}

const commands: Record<string, (command: Command) => Promise<object> | object> = {
  connect({ targets, token, call_timeout_ms: callTimeout, attempt_timeout_ms: attemptTimeout }) {
    client = connect(targets, { token, callTimeout, attemptTimeout });
    return {};
  },
  async schedule(command) {
    const done = await client.schedule(command.queue, payloadOf(command), optionsOf(command));
    const { jobId, outcome, firstOutcome = '', jobState = '', due } = done;
    return { job_id: jobId, outcome, first_outcome: firstOutcome, job_state: jobState, due_ms: due?.getTime() };
  },
  schedule_many: scheduleMany,
  async cancel({ queue, job_id: id, cancel_leased: cancelLeased }) {
    return { outcome: await client.cancel(queue, id, { cancelLeased }) };
  },
  async reschedule({ queue, job_id: id, delay_ms: ms }) {
    await client.reschedule(queue, id, { in: ms });
    return {};
  },
  async get({ queue, job_id: id }) {
    const job = await client.get(queue, id);
    if (!job) throw new DuelineError('NOT_FOUND', 'no such job', { reason: 'JOB_NOT_FOUND' });
    return { state: JobState[job.state], failed_attempts: job.failedAttempts, last_failure: job.lastFailure };
  },
  worker_start: startWorker,
  worker_stop: stopWorker,
  iterate,
};

createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const command: Command = JSON.parse(line);
    try {
      write({ reply: command.id, ...(await commands[command.do]!(command)) });
    } catch (error) {
      write({ reply: command.id, error: describe(error) });
    }
  })
  .on('close', () => process.exit(0));
