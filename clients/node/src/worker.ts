import {
  DisconnectPolicy,
  LeaseOutcome,
  LostReason,
  WatchDueRequest,
  type DueJob,
  type LostLease,
} from '../gen/dueline/v1/scheduler.js';
import type { Connection } from './connection.js';
import type { DuelineError } from './errors.js';
import { toJob, verdictOf, type Handler } from './job.js';
import type { StopOptions, WorkerHooks, WorkerOptions } from './options.js';
import { Run } from './run.js';
import { Settler, type Outcome, type Verdict } from './settler.js';
import { Backoff, duration, now, sleep } from './time.js';
import { inSpan } from './tracing.js';
import { Watch } from './watch.js';

/** How long a cancelled handler has to end before its job goes without it. */
const GRACE_MS = 1_000;
/** How long a stop waits for streams to end and for answers. */
const STOP_MS = 5_000;
/** For all tries of an ack: a lease may be shorter than one of them, and is extended meanwhile. */
const SETTLE_MS = 30_000;
const LONGEST_LEASE_MS = 12 * 3_600_000;
/** Node's timers count no further. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Handles the jobs of some queues as they fall due, until it is stopped.
 *
 * The credit of its streams and the handlers that no stream counts any more (those of streams that
 * broke or drain, and those that ignore that they were cancelled) are never more than the
 * concurrency. So after a break a narrow stream may begin, and a second one takes the rest as old
 * handlers end.
 */
export class Worker {
  readonly #queues: string[];
  readonly #concurrency: number;
  readonly #lease: number;
  readonly #maxRunTime: number;
  readonly #hooks: WorkerHooks;
  readonly #settler: Settler;
  readonly #backoff = new Backoff(50, 5_000);
  readonly #watches = new Set<Watch>();
  readonly #runs = new Map<string, Run>();
  #waiting: { job: DueJob; watch: Watch }[] = [];
  #reconnect: NodeJS.Timeout | undefined;
  #extender: NodeJS.Timeout | undefined;
  #onChange: (() => void)[] = [];
  #isStopping = false;
  #running: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  #end!: { resolve(): void; reject(error: DuelineError): void };

  constructor(
    private readonly connection: Connection,
    queues: string | readonly string[],
    private readonly handler: Handler,
    private readonly options: WorkerOptions = {},
    private readonly onFinished: (token: string, outcome: Outcome) => void = () => {},
  ) {
    this.#queues = [queues].flat();
    this.#concurrency = options.concurrency ?? 10;
    this.#lease = options.lease ?? 30_000;
    this.#maxRunTime = Math.min(options.maxRunTime ?? 10 * this.#lease, LONGEST_TIMER_MS);
    this.#hooks = options.hooks ?? {};
    this.#settler = new Settler(connection, Math.max(this.#lease, SETTLE_MS));
  }

  /**
   * Works until it is stopped. Waits for a service that is away; fails where the service refuses
   * it, for who it is or what it asks for.
   *
   * @throws DuelineError
   */
  run(): Promise<void> {
    this.#running ??= new Promise((resolve, reject) => {
      this.#end = { resolve, reject };
      this.#extender = setInterval(() => void this.#extend(), this.#lease / 3);
      this.#balance();
    });
    return this.#running;
  }

  /** Stops; resolves when all is settled and `run` has ended. A second call may be less patient. */
  stop(options: StopOptions = {}): Promise<void> {
    this.#running ??= new Promise((resolve, reject) => (this.#end = { resolve, reject }));
    if (options.mode === 'give_back') this.#revokeAll();
    return (this.#stopped ??= this.#stop(options));
  }

  async #stop({ mode = 'wait', timeout = 30_000 }: StopOptions, cause?: DuelineError): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#reconnect);
    this.#giveBackWaiting(() => true);
    for (const watch of this.#watches) void watch.stop(timeout + STOP_MS);
    if (mode === 'wait') await this.#until(timeout, () => this.#counted().length === 0);
    this.#revokeAll();
    await this.#until(2 * GRACE_MS, () => this.#counted().length === 0);
    await this.#until(STOP_MS, () => this.#watches.size === 0);
    await sleep(STOP_MS, this.#settler.idle());
    clearInterval(this.#extender);
    for (const watch of this.#watches) watch.cancel();
    if (cause) this.#end.reject(cause);
    else this.#end.resolve();
  }

  /** Brings handlers and streams to what there is room for. */
  #balance(): void {
    this.#onChange.splice(0).forEach((wake) => wake());
    while (this.#waiting.length && this.#runs.size < this.#concurrency) {
      const { job, watch } = this.#waiting.shift()!;
      void this.#handle(job, watch);
    }
    if (this.#isStopping || this.#reconnect) return;
    const open = [...this.#watches].filter((watch) => !watch.isLeaving);
    const uncounted = [...this.#runs.values()].filter((run) => run.isUncounted);
    const late = this.#waiting.filter(({ watch }) => watch.isLeaving);
    const taken = uncounted.length + late.length + open.reduce((sum, { credit }) => sum + credit, 0);
    const free = this.#concurrency - taken;
    const isMoreToCome = uncounted.some((run) => !run.isOver);
    if (free < 1 || (open.length > 0 && isMoreToCome && free * 2 < this.#concurrency)) return;
    if (open.length > 1) this.#replace(open.reduce((a, b) => (a.credit < b.credit ? a : b)));
    else this.#open(free);
  }

  #open(credit: number): void {
    const request = WatchDueRequest.fromPartial({
      queues: this.#queues,
      watcherId: this.options.name,
      maxOutstandingJobs: credit,
      leaseDuration: duration(this.#lease),
      autoExtend: true,
      disconnectPolicy: DisconnectPolicy.KEEP_LEASE,
      heartbeatInterval: duration(this.options.heartbeat),
    });
    const watch = new Watch(this.connection, request, {
      started: (watcherId) => this.#tell('connected', watcherId),
      due: (from, jobs) => this.#due(from, jobs),
      lost: (leases) => this.#lost(leases),
      leaving: () => this.#balance(),
      ended: (from, error) => this.#ended(from, error),
    });
    this.#watches.add(watch);
  }

  /** Ends a stream whose credit is no longer right, behind the jobs that it has. */
  #replace(watch: Watch): void {
    void watch.stop(LONGEST_LEASE_MS);
    this.#balance();
  }

  #due(watch: Watch, jobs: DueJob[]): void {
    this.#backoff.reset();
    this.#waiting.push(...jobs.map((job) => ({ job, watch })));
    if (this.#isStopping) this.#giveBackWaiting(() => true);
    this.#balance();
  }

  #ended(watch: Watch, error: DuelineError | undefined): void {
    this.#watches.delete(watch);
    this.#tell('disconnected', error);
    this.#giveBackWaiting((waiting) => waiting.watch === watch);
    for (const run of this.#runs.values()) {
      if (run.watch === watch) run.leaseEnd = now() + this.#lease;
    }
    void this.#extend();
    if (error?.isFinal) {
      this.#stopped ??= this.#stop({}, error);
    } else if (error && !this.#isStopping) {
      if (watch.hasLived) this.#backoff.reset();
      clearTimeout(this.#reconnect);
      this.#reconnect = setTimeout(() => {
        this.#reconnect = undefined;
        this.#balance();
      }, this.#backoff.next());
    }
    this.#balance();
  }

  async #handle(job: DueJob, watch: Watch): Promise<void> {
    const run = new Run(job, watch);
    this.#runs.set(run.token, run);
    this.#tell('jobStarted', run.delivery);
    const reason = `ran longer than ${this.#maxRunTime} ms`;
    const timer = setTimeout(() => this.#revoke(run, { is: 'nacked', reason }), this.#maxRunTime);
    let verdict: Verdict;
    try {
      verdict = verdictOf(await inSpan(job, async () => this.handler(toJob(job), run.signal)));
    } catch (error) {
      verdict = run.verdict ?? verdictOf(error, true);
    }
    clearTimeout(timer);
    this.#runs.delete(run.token);
    if (!run.isOver) void this.#settle(run, verdict);
    this.#balance();
  }

  async #settle(run: Run, verdict: Verdict): Promise<void> {
    run.isOver = true;
    this.#finish(run, await this.#settler.settle(run.token, verdict));
  }

  #finish(run: Run, outcome: Outcome): void {
    this.#tell('jobFinished', run.delivery, outcome, now() - run.startedAt);
    this.onFinished(run.token, outcome);
  }

  /** Cancels a handler, and settles its job without it if it does not end. */
  #revoke(run: Run, verdict: Verdict): void {
    if (run.isOver || run.verdict) return;
    run.verdict = verdict;
    run.cancel('reason' in verdict ? verdict.reason : 'the worker was stopped');
    setTimeout(() => {
      if (!run.isOver) void this.#settle(run, verdict);
      this.#leaveIfStuck(run);
    }, GRACE_MS);
  }

  #revokeAll(): void {
    for (const run of this.#counted()) this.#revoke(run, { is: 'given_back' });
  }

  #lost(leases: LostLease[]): void {
    for (const { leaseToken, reason } of leases) {
      this.#waiting = this.#waiting.filter(({ job }) => job.leaseToken !== leaseToken);
      const run = this.#runs.get(leaseToken);
      if (run) this.#lose(run, LostReason[reason] ?? '');
    }
  }

  #lose(run: Run, reason: string): void {
    if (run.isOver) return;
    run.isOver = true;
    run.cancel(`the lease is lost: ${reason}`);
    this.#tell('leaseLost', run.delivery, reason);
    this.#finish(run, 'lost');
    setTimeout(() => this.#leaveIfStuck(run), GRACE_MS);
  }

  /** Where a handler ignores that its job is gone, its stream has more credit than there is room. */
  #leaveIfStuck(run: Run): void {
    if (this.#runs.get(run.token) !== run) return;
    this.#giveBackWaiting(() => true);
    if (run.watch.isLeaving) this.#balance();
    else this.#replace(run.watch);
  }

  /** Extends the leases of handlers whose streams have ended: the server no longer does. */
  async #extend(): Promise<void> {
    const orphans = this.#counted().filter((run) => run.watch.hasEnded);
    for (let i = 0; i < orphans.length; i += 1_000) {
      const part = orphans.slice(i, i + 1_000);
      const request = { leaseTokens: part.map((run) => run.token), leaseDuration: duration(this.#lease) };
      const sentAt = now();
      try {
        const { outcomes } = await this.connection.call('extendLease', request, { timeout: this.#lease / 3 });
        part.forEach((run, j) => {
          if (outcomes[j] === LeaseOutcome.OK) run.leaseEnd = sentAt + this.#lease;
          else this.#lose(run, 'EXPIRED');
        });
      } catch {
        for (const run of part) {
          const isLost = () => now() >= run.leaseEnd && this.#lose(run, 'EXPIRED');
          setTimeout(isLost, Math.max(0, run.leaseEnd - now()) + 1);
        }
      }
    }
  }

  /** The handlers whose end decides what becomes of their jobs. */
  #counted(): Run[] {
    return [...this.#runs.values()].filter((run) => !run.isOver);
  }

  #giveBackWaiting(which: (waiting: { watch: Watch }) => boolean): void {
    const back = this.#waiting.filter(which);
    this.#waiting = this.#waiting.filter((waiting) => !back.includes(waiting));
    for (const { job } of back) void this.#settler.settle(job.leaseToken, { is: 'given_back' });
  }

  async #until(timeout: number, isSo: () => boolean): Promise<void> {
    const end = now() + timeout;
    while (!isSo() && now() < end) {
      await sleep(end - now(), new Promise<void>((resolve) => this.#onChange.push(resolve)));
    }
  }

  #tell<K extends keyof WorkerHooks>(hook: K, ...args: Parameters<NonNullable<WorkerHooks[K]>>): void {
    try {
      (this.#hooks[hook] as ((...args: unknown[]) => void) | undefined)?.(...args);
    } catch (error) {
      process.emitWarning(`hook ${hook}: ${error}`);
    }
  }
}
