import { randomUUID } from 'node:crypto';
import type { QueueServiceClient } from '../gen/dueline/v1/queue.js';
import { CancelOutcome, type Job as StoredJob, type SchedulerServiceClient } from '../gen/dueline/v1/scheduler.js';
import { BatchingProducer } from './batching.js';
import { Connection, type ConnectOptions } from './connection.js';
import type { Handler } from './job.js';
import { jobs, type IteratorOptions, type TakenJob } from './jobs.js';
import type { WorkerOptions } from './options.js';
import {
  name,
  toRequest,
  toScheduled,
  type Name,
  type Payload,
  type Scheduled,
  type ScheduleOptions,
} from './schedule.js';
import { duration } from './time.js';
import { Worker } from './worker.js';

/**
 * A client of Dueline. Nothing needs to be reachable yet.
 *
 * @param targets `host:port`, or `dns:///name:port` for all addresses of a name, or several of them
 */
export function connect(targets: string | readonly string[], options: ConnectOptions = {}): Client {
  return new Client(new Connection(targets, options));
}

/**
 * Schedules jobs and makes workers. Calls are made at all replicas in turn, and made again while
 * the service is unavailable; they fail with a DuelineError.
 */
export class Client {
  constructor(private readonly connection: Connection) {}

  /** Stores a job. */
  async schedule(queue: string, payload: Payload, options: ScheduleOptions = {}): Promise<Scheduled> {
    const request = toRequest(queue, payload, options);
    return toScheduled(await this.connection.call('schedule', request));
  }

  /** Takes a job back. After CANCELED it is never delivered (again). */
  async cancel(
    queue: string,
    jobId: string,
    options: { cancelLeased?: boolean } = {},
  ): Promise<Name<typeof CancelOutcome>> {
    const requestId = randomUUID();
    const request = { queue, jobId, cancelLeased: options.cancelLeased ?? false, requestId };
    const { outcome } = await this.connection.call('cancel', request);
    return name(CancelOutcome, outcome)!;
  }

  /** Moves a job that waits, or is dead. */
  async reschedule(queue: string, jobId: string, when: { in: number } | { at: Date }): Promise<Date> {
    const isTime = 'at' in when;
    const request = {
      queue,
      jobId,
      when: isTime
        ? { $case: 'dueTime' as const, value: when.at }
        : { $case: 'delay' as const, value: duration(when.in) },
    };
    const options = { repeatable: isTime };
    return (await this.connection.call('reschedule', request, options)).dueTime!;
  }

  /** Reads a job; undefined: never scheduled, finished or canceled. */
  async get(queue: string, jobId: string): Promise<StoredJob | undefined> {
    try {
      return (await this.connection.call('getJob', { queue, jobId })).job;
    } catch (error) {
      if ((error as { code?: unknown }).code === 'NOT_FOUND') return undefined;
      throw error;
    }
  }

  /** A producer that puts many jobs into one call. */
  batching(): BatchingProducer {
    return new BatchingProducer(this.connection);
  }

  /** A worker that has yet to run. */
  worker(queues: string | readonly string[], handler: Handler, options: WorkerOptions = {}): Worker {
    return new Worker(this.connection, queues, handler, options);
  }

  /** The jobs of some queues as they fall due, for those who want no handler. */
  jobs(queues: string | readonly string[], options: IteratorOptions = {}): AsyncGenerator<TakenJob, void, undefined> {
    return jobs(this.connection, queues, options);
  }

  /** A stub of the next replica in turn, for all other calls; with the token, without retries. */
  get scheduler(): SchedulerServiceClient {
    return this.connection.pick().scheduler;
  }

  /** As `scheduler`, for running queues. */
  get queues(): QueueServiceClient {
    return this.connection.pick().queues;
  }

  /** Leaves the connections, once no call is under way. Stop workers first. */
  close(): void {
    this.connection.close();
  }
}
