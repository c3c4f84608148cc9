import type { Connection } from './connection.js';
import { Dead, RetryIn, type HandlerResult, type Job } from './job.js';
import type { WorkerOptions } from './options.js';
import type { Outcome } from './settler.js';
import { Worker } from './worker.js';

/** A job that was taken from an iterator: it counts against the concurrency until it is settled. */
export interface TakenJob extends Job {
  /** Aborted when the job is no longer the caller's. */
  readonly signal: AbortSignal;
  /** It is done. Resolves when the server has answered. */
  ack(): Promise<Outcome>;
  /** It is not: for a retry by its policy, after a delay in milliseconds, or to the dead jobs. */
  nack(options?: { reason?: string; delay?: number; dead?: boolean }): Promise<Outcome>;
}

/** How an iterator of jobs works. */
export interface IteratorOptions extends WorkerOptions {
  /** Ends the iterator once the jobs that are here are settled. */
  signal?: AbortSignal;
}

/**
 * The jobs of some queues as they fall due. When the loop is left, what was not settled is given
 * back, and what was is waited for.
 */
export async function* jobs(
  connection: Connection,
  queues: string | readonly string[],
  options: IteratorOptions,
): AsyncGenerator<TakenJob, void, undefined> {
  let taken: TakenJob[] = [];
  let wake = () => {};
  let isOver = false;
  const finished = new Map<string, (outcome: Outcome) => void>();
  const handler = (job: Job, signal: AbortSignal) =>
    new Promise<HandlerResult>((resolve, reject) => {
      const outcome = new Promise<Outcome>((tell) => finished.set(job.leaseToken, tell));
      const ack = () => {
        resolve();
        return outcome;
      };
      const nack: TakenJob['nack'] = ({ reason = '', delay, dead } = {}) => {
        if (dead) resolve(new Dead(reason));
        else if (delay !== undefined) resolve(new RetryIn(delay, reason));
        else reject(new Error(reason));
        return outcome;
      };
      signal.addEventListener('abort', () => {
        taken = taken.filter((it) => it.signal !== signal);
        reject(signal.reason);
      });
      taken.push({ ...job, signal, ack, nack });
      wake();
    });
  const worker = new Worker(connection, queues, handler, options, (token, outcome) => {
    finished.get(token)?.(outcome);
    finished.delete(token);
  });
  if (options.signal?.aborted) return;
  options.signal?.addEventListener('abort', () => void worker.stop());
  const run = worker.run().finally(() => {
    isOver = true;
    wake();
  });
  run.catch(() => {});
  try {
    while (!isOver) {
      const job = taken.shift();
      if (job) yield job;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    await run;
  } finally {
    await worker.stop({ mode: 'give_back' });
  }
}
