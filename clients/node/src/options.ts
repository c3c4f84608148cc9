import type { DuelineError } from './errors.js';
import type { Job } from './job.js';
import type { Outcome } from './settler.js';

/** A delivery, as hooks are told of it. */
export type Delivery = Pick<Job, 'queue' | 'id' | 'attempt'>;

/** Called as things happen, for logs and metrics. What they throw is a warning of the process. */
export interface WorkerHooks {
  /** A stream has started. */
  connected?(watcherId: string): void;
  /** A stream has ended; without an error where this worker, or its replica, was to go. */
  disconnected?(error: DuelineError | undefined): void;
  jobStarted?(delivery: Delivery): void;
  /** The server has answered, or the lease was over before. */
  jobFinished?(delivery: Delivery, outcome: Outcome, milliseconds: number): void;
  leaseLost?(delivery: Delivery, reason: string): void;
}

/** How a worker works. Times are milliseconds. */
export interface WorkerOptions {
  /** Handlers at once, 1 to 10,000. Default: 10. */
  concurrency?: number;
  /** How long a job stays here when this process dies, 1 s to 12 h. Default: 30 s. */
  lease?: number;
  /** After which a handler is cancelled and its job given back, up to 24 days. Default: ten leases. */
  maxRunTime?: number;
  /** Shown in the server's logs and metrics. Default: the server makes one. */
  name?: string;
  /**
   * Of the server, 1 s to 60 s; three of them in silence break a stream. Default: a sixth of the
   * lease, 1 s to 10 s, so that a break is found before leases are over.
   */
  heartbeat?: number;
  hooks?: WorkerHooks;
}

/** How a worker is stopped. */
export interface StopOptions {
  /** `wait` for handlers to end (the default), or `give_back` their jobs at once, uncounted. */
  mode?: 'wait' | 'give_back';
  /** Milliseconds to wait before what still runs is given back, up to 12 h. Default: 30 s. */
  timeout?: number;
}
