/** A service for tests, whose clock they move: three days in milliseconds. */
import { credentials, type ServiceError } from '@grpc/grpc-js';
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import {
  type AdvanceResponse,
  type AdvanceToNextResponse,
  ClockServiceClient,
  type GetTimeResponse,
} from '../gen/dueline/testing/v1/clock.js';
import { type Job as StoredJob, JobState } from '../gen/dueline/v1/scheduler.js';
import { type Client, connect } from './client.js';
import { DuelineError } from './errors.js';
import type { Handler, Job } from './job.js';
import type { WorkerOptions } from './options.js';
import { name } from './schedule.js';
import { duration } from './time.js';
import type { Worker } from './worker.js';

const COMMAND = ['dev', '--port', '0', '--test-clock'];
const JAVA = ['java', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-jar'];
const QUIET = { QUARKUS_LOG_CONSOLE_LEVEL: 'WARN', QUARKUS_BANNER_ENABLED: 'false' };
const UNIT_MS: Record<string, number> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 };
/** The most that the service allows: what is slow here would be a failure that nobody can repeat. */
const SETTLE_MS = 60_000;

/** Milliseconds, or a text such as `3d` or `1h30m`. */
export type Span = number | string;

/** `dueline dev --test-clock`, of the environment variable `DUELINE_DEV`. */
export class DevService {
  /** A client of it, which `stop` closes. */
  readonly client: Client;
  readonly #clock: ClockServiceClient;
  readonly #workers: { worker: Worker; running: Promise<void> }[] = [];
  readonly #deliveries: Job[] = [];

  private constructor(
    /** What the service says of itself. */
    readonly ready: { readonly address: string; readonly pid: number; readonly dataDir: string },
    private readonly process: ChildProcess,
  ) {
    this.client = connect(ready.address, { callTimeout: SETTLE_MS, attemptTimeout: SETTLE_MS });
    this.#clock = new ClockServiceClient(ready.address, credentials.createInsecure());
  }

  /** Starts one, which ends at `stop`, or with this process, in whatever way that ends. */
  static async start(): Promise<DevService> {
    const path = process.env.DUELINE_DEV;
    if (!path) throw new Error("set DUELINE_DEV to Dueline's quarkus-run.jar or native binary");
    const [command, ...args] = [...(path.endsWith('.jar') ? JAVA : []), path, ...COMMAND];
    const child = spawn(command!, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...QUIET, ...process.env } });
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`${path} dev ended with ${code}, see standard error`);
    });
    const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
    // A test run that forgets to stop it ends all the same, and takes it along.
    for (const each of [child, child.stdin as Socket, child.stdout as Socket]) each.unref();
    if (process.env.NODE_TEST_CONTEXT) endWithRunner(child);
    return new DevService(JSON.parse(line), child);
  }

  /** Stops the workers and ends the service; nothing of it stays. */
  async stop(): Promise<void> {
    await this.#stopWorkers();
    this.client.close();
    this.#clock.close();
    this.process.ref();
    const exited = once(this.process, 'exit');
    this.process.stdin!.end();
    await exited;
  }

  /** Empties the service, stops the workers and forgets deliveries: before each test. The clock stays. */
  async reset(): Promise<void> {
    await this.#stopWorkers();
    await call((done) => this.#clock.reset({}, done));
    this.#deliveries.length = 0;
  }

  /** The time by the clock of the service. */
  async now(): Promise<Date> {
    return (await call<GetTimeResponse>((done) => this.#clock.getTime({}, done))).time!;
  }

  /**
   * Moves the clock on, by so much or to a time, from one event to the next; delivery has settled
   * at each. What happened is told of all workers: `jobs.delivered`, `jobs.died` and so on.
   */
  async advance(target: Span | { to: Date }, settleTimeout: Span = SETTLE_MS): Promise<AdvanceResponse> {
    const request = {
      target:
        typeof target === 'object'
          ? { $case: 'to' as const, value: target.to }
          : { $case: 'by' as const, value: duration(millis(target)) },
      settleTimeout: duration(millis(settleTimeout)),
    };
    const moved = await call<AdvanceResponse>((done) => this.#clock.advance(request, done));
    assert.ok(!moved.incomplete, 'there were more than 100,000 events on the way: advance by less');
    return moved;
  }

  /** Moves the clock to the next event; `steps` is 0 where none comes. */
  advanceToNext(settleTimeout: Span = SETTLE_MS): Promise<AdvanceToNextResponse> {
    const request = { settleTimeout: duration(millis(settleTimeout)) };
    return call((done) => this.#clock.advanceToNext(request, done));
  }

  /** Runs a worker until `reset` or `stop`, and notes what is delivered to it. It is connected then. */
  async worker(
    queues: string | readonly string[],
    handler: Handler = () => {},
    options: Omit<WorkerOptions, 'hooks'> = {},
  ): Promise<Worker> {
    const note: Handler = (job, signal) => {
      this.#deliveries.push(job);
      return handler(job, signal);
    };
    let connected = () => {};
    const connecting = new Promise<void>((resolve) => (connected = resolve));
    const worker = this.client.worker(queues, note, { ...options, hooks: { connected } });
    const running = worker.run();
    this.#workers.push({ worker, running });
    await Promise.race([connecting, running]);
    return worker;
  }

  /** That a job waits: due `at` a time, or `in` so long after it was scheduled. */
  async assertScheduled(queue: string, id: string, due: { at?: Date; in?: Span } = {}): Promise<StoredJob> {
    const job = await this.client.get(queue, id);
    assert.ok(job?.state === JobState.PENDING, `${queue}/${id} does not wait: ${state(job)}`);
    if (due.at) assert.deepEqual(job.dueTime, due.at, `${queue}/${id} is due at ${job.dueTime?.toISOString()}`);
    if (due.in !== undefined) {
      const wait = Number(job.dueTime) - Number(job.createTime);
      // Due times are rounded up, create times down.
      assert.ok([0, 1].includes(wait - millis(due.in)), `${queue}/${id} is due after ${wait} ms, not ${due.in}`);
    }
    return job;
  }

  /** That a job neither waits nor is with a worker: it is done, canceled, dead, or never was. */
  async assertNotScheduled(queue: string, id: string): Promise<void> {
    const job = await this.client.get(queue, id);
    assert.ok(!job || job.state === JobState.DEAD, `${queue}/${id}: ${state(job)}`);
  }

  /** That `worker` got a job just so often, retries and runs included: the deliveries. */
  assertDelivered(queue: string, id: string, times = 1): Job[] {
    const jobs = this.#deliveries.filter((job) => job.queue === queue && job.id === id);
    const dues = jobs.map((job) => job.due.toISOString()).join(', ');
    assert.ok(jobs.length === times, `${queue}/${id} was delivered ${jobs.length}, not ${times} times: ${dues}`);
    return jobs;
  }

  async #stopWorkers(): Promise<void> {
    for (const { worker, running } of this.#workers.splice(0)) {
      await worker.stop();
      await running;
    }
  }
}

/** A file's process of node:test goes on where the runner is killed, with nobody to report to. */
function endWithRunner(child: ChildProcess): void {
  const runner = process.ppid;
  const watching = setInterval(() => {
    if (process.ppid !== runner) child.stdin!.end();
  }, 500);
  watching.unref();
}

function call<A>(send: (done: (failure: ServiceError | null, answer: A) => void) => void): Promise<A> {
  return new Promise((resolve, reject) =>
    send((failure, answer) => (failure ? reject(DuelineError.of(failure)) : resolve(answer))),
  );
}

function millis(span: Span): number {
  if (typeof span === 'number') return span;
  assert.match(span, /^(\d+[dhms])+$/, `no span of time such as '3d' or '1h30m': ${span}`);
  return [...span.matchAll(/(\d+)([dhms])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * UNIT_MS[unit!]!, 0);
}

function state(job: StoredJob | undefined): string {
  return job ? `it is ${name(JobState, job.state)}` : 'there is no such job';
}
