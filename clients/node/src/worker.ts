import {
  DisconnectPolicy,
  LostReason,
  WatchDueRequest,
  type DueJob,
  type LostLease,
} from '../gen/dueline/v1/scheduler.js';
import type { Connection } from './connection.js';
import type { DuelineError } from './errors.js';
import { Hooks } from './hooks.js';
import { toJob, verdictOf, type Handler } from './job.js';
import { Leases } from './leases.js';
import type { StopOptions, WorkerOptions } from './options.js';
import { Run } from './run.js';
import { Settler, type Outcome, type Verdict } from './settler.js';
import { Backoff, duration, now, sleep } from './time.js';
import { inSpan } from './tracing.js';
import { Watch } from './watch.js';

/** How long a cancelled handler has to end before its job goes without it. */
const GRACE_MS = 1_000;
/** How long a stop waits for streams to end and for answers. */
const STOP_MS = 5_000;
/** How long what is given back waits for its stream to be stopped: it would come again there. */
const QUIET_MS = 2_000;
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
  readonly #concurrency: number;
  readonly #lease: number;
  readonly #maxRunTime: number;
  readonly #hooks: Hooks;
  readonly #settler: Settler;
  readonly #leases: Leases;
  readonly #request: Partial<WatchDueRequest>;
  readonly #backoff = new Backoff(50, 5_000);
  readonly #watches = new Set<Watch>();
  readonly #runs = new Map<string, Run>();
  #waiting: { job: DueJob; watch: Watch }[] = [];
  #reconnect: NodeJS.Timeout | undefined;
  #onChange: (() => void)[] = [];
  #isStopping = false;
  /** While a stop waits for the server to give these streams no more jobs. */
  #quiet: Promise<void> | undefined;
  #failure: DuelineError | undefined;
  #running: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  #end!: { resolve(): void; reject(error: DuelineError): void };

  constructor(
    private readonly connection: Connection,
    queues: string | readonly string[],
    private readonly handler: Handler,
    options: WorkerOptions = {},
    private readonly onFinished: (token: string, outcome: Outcome) => void = () => {},
  ) {
    this.#concurrency = options.concurrency ?? 10;
    this.#lease = options.lease ?? 30_000;
    this.#maxRunTime = Math.min(options.maxRunTime ?? 10 * this.#lease, LONGEST_TIMER_MS);
    this.#hooks = new Hooks(options.hooks ?? {});
    this.#settler = new Settler(connection, Math.max(this.#lease, SETTLE_MS), (error) => this.#fail(error));
    const running = () => this.#counted();
    this.#leases = new Leases(connection, this.#lease, running, (run) => this.#lose(run, 'EXPIRED'));
    const heartbeat = Math.min(Math.max(this.#lease / 6, 1_000), 10_000);
    this.#request = {
      queues: [queues].flat(),
      watcherId: options.name,
      leaseDuration: duration(this.#lease),
      autoExtend: true,
      disconnectPolicy: DisconnectPolicy.KEEP_LEASE,
      heartbeatInterval: duration(options.heartbeat ?? heartbeat),
    };
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
      this.#leases.start();
      this.#balance();
    });
    return this.#running;
  }

  /** Stops; resolves when all is settled and `run` has ended. A second call may have a shorter timeout. */
  stop(options: StopOptions = {}): Promise<void> {
    this.#running ??= new Promise((resolve, reject) => (this.#end = { resolve, reject }));
    this.#stopped ??= this.#stop(options);
    if (options.mode === 'give_back') this.#revokeAll();
    return this.#stopped;
  }

  async #stop({ mode = 'wait', timeout = 30_000 }: StopOptions): Promise<void> {
    const waitMs = Math.min(timeout, LONGEST_LEASE_MS - STOP_MS);
    this.#isStopping = true;
    clearTimeout(this.#reconnect);
    this.#quiet = sleep(QUIET_MS, Promise.all([...this.#watches].map((watch) => watch.stop(waitMs + STOP_MS))));
    this.#giveBackWaiting(() => true);
    if (mode === 'wait') await this.#until(waitMs, () => this.#counted().length === 0);
    this.#revokeAll();
    await this.#quiet;
    await this.#until(2 * GRACE_MS, () => this.#counted().length === 0);
    await this.#until(STOP_MS, () => this.#watches.size === 0);
    await sleep(STOP_MS, this.#settler.idle());
    this.#leases.stop();
    for (const watch of this.#watches) watch.cancel();
    if (this.#failure) this.#end.reject(this.#failure);
    else this.#end.resolve();
  }

  #fail(error: DuelineError): void {
    this.#failure ??= error;
    this.#stopped ??= this.#stop({});
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
    if (open.length > 1) void this.#replace(open.reduce((a, b) => (a.credit < b.credit ? a : b)));
    else this.#open(free);
  }

  #open(credit: number): void {
    const request = WatchDueRequest.fromPartial({ ...this.#request, maxOutstandingJobs: credit });
    const watch = new Watch(this.connection, request, {
      started: (watcherId) => this.#hooks.tell('connected', watcherId),
      due: (from, jobs) => this.#due(from, jobs),
      lost: (leases) => this.#lost(leases),
      leaving: () => this.#balance(),
      ended: (from, error) => this.#ended(from, error),
    });
    this.#watches.add(watch);
  }

  /** Ends a stream whose credit is no longer right, behind the jobs that it has. */
  #replace(watch: Watch): Promise<void> {
    const stopped = watch.stop(LONGEST_LEASE_MS);
    this.#balance();
    return stopped;
  }

  #openLater(): void {
    if (this.#isStopping) return;
    clearTimeout(this.#reconnect);
    this.#reconnect = setTimeout(() => {
      this.#reconnect = undefined;
      this.#balance();
    }, this.#backoff.next());
  }

  #due(watch: Watch, jobs: DueJob[]): void {
    this.#waiting.push(...jobs.map((job) => ({ job, watch })));
    if (this.#isStopping) this.#giveBackWaiting(() => true);
    this.#balance();
  }

  #ended(watch: Watch, error: DuelineError | undefined): void {
    this.#watches.delete(watch);
    this.#hooks.tell('disconnected', error);
    this.#giveBackWaiting((waiting) => waiting.watch === watch);
    this.#leases.extend();
    if (error?.isFinal) {
      this.#fail(error);
    } else if (error) {
      if (watch.hasLived) this.#backoff.reset();
      this.#openLater();
    }
    this.#balance();
  }

  async #handle(job: DueJob, watch: Watch): Promise<void> {
    const run = new Run(job, watch);
    this.#runs.set(run.token, run);
    this.#hooks.tell('jobStarted', run.delivery);
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
    this.#finish(run, await this.#tellServer(run.token, verdict, run.watch));
  }

  async #tellServer(token: string, verdict: Verdict, watch: Watch): Promise<Outcome> {
    if (verdict.is === 'given_back') await this.#quiet;
    const outcome = await this.#settler.settle(token, verdict);
    if (outcome !== 'unsettled') {
      this.#backoff.reset();
    } else if (!watch.hasEnded && !watch.isGivenUp) {
      // The server would extend the lease, and count it, for as long as the stream lives.
      watch.giveUp();
      this.#openLater();
    }
    return outcome;
  }

  #finish(run: Run, outcome: Outcome): void {
    this.#hooks.tell('jobFinished', run.delivery, outcome, now() - run.startedAt);
    this.onFinished(run.token, outcome);
  }

  /** Cancels a handler, and settles its job without it if it does not end. */
  #revoke(run: Run, verdict: Verdict): void {
    if (run.isOver || run.verdict) return;
    run.verdict = verdict;
    run.cancel('reason' in verdict ? verdict.reason : 'the worker was stopped');
    setTimeout(() => {
      if (!run.isOver) void this.#settle(run, verdict);
      void this.#leaveIfStuck(run);
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
    this.#hooks.tell('leaseLost', run.delivery, reason);
    this.#finish(run, 'lost');
    setTimeout(() => this.#leaveIfStuck(run), GRACE_MS);
  }

  /** Where a handler ignores that its job is gone, its stream has more credit than there is room. */
  async #leaveIfStuck(run: Run): Promise<void> {
    if (this.#runs.get(run.token) !== run) return;
    if (!run.watch.isLeaving) await sleep(QUIET_MS, this.#replace(run.watch));
    this.#giveBackWaiting(({ watch }) => watch.isLeaving);
    this.#balance();
  }

  /** The handlers whose end decides what becomes of their jobs. */
  #counted(): Run[] {
    return [...this.#runs.values()].filter((run) => !run.isOver);
  }

  #giveBackWaiting(which: (waiting: { watch: Watch }) => boolean): void {
    const back = this.#waiting.filter(which);
    this.#waiting = this.#waiting.filter((waiting) => !back.includes(waiting));
    for (const { job, watch } of back) void this.#tellServer(job.leaseToken, { is: 'given_back' }, watch);
  }

  async #until(timeout: number, isSo: () => boolean): Promise<void> {
    const end = now() + timeout;
    while (!isSo() && now() < end) {
      await sleep(end - now(), new Promise<void>((resolve) => this.#onChange.push(resolve)));
    }
  }
}
