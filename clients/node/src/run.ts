import type { DueJob } from '../gen/dueline/v1/scheduler.js';
import type { Delivery } from './options.js';
import type { Verdict } from './settler.js';
import { now } from './time.js';
import type { Watch } from './watch.js';

/** A handler that runs. */
export class Run {
  readonly delivery: Delivery;
  readonly startedAt = now();
  /** What the job gets if the handler fails, once it is cancelled. */
  verdict: Verdict | undefined;
  /** Whether the job is settled, or its lease lost, so that the handler's end decides nothing. */
  isOver = false;
  /** When this worker, rather than the stream, last had the lease extended, and when it may again. */
  extendedAt = -Infinity;
  extendAt = -Infinity;
  readonly #abort = new AbortController();

  constructor(
    readonly job: DueJob,
    readonly watch: Watch,
  ) {
    this.delivery = { queue: job.queue, id: job.jobId, attempt: job.attempt };
  }

  get token(): string {
    return this.job.leaseToken;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Whether no open stream counts it against its credit. */
  get isUncounted(): boolean {
    return this.isOver || this.watch.isLeaving;
  }

  /** When a lease of so many milliseconds is taken to be over, once the stream has ended. */
  leaseEnd(lease: number): number {
    return Math.max(this.extendedAt, this.watch.heardAt) + lease;
  }

  /** Tells the handler that its work no longer counts. */
  cancel(why: string): void {
    this.#abort.abort(new DOMException(why, 'AbortError'));
  }
}
