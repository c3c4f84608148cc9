import { status, type ClientReadableStream, type ServiceError } from '@grpc/grpc-js';
import {
  StopWatchOutcome,
  type DueJob,
  type LostLease,
  type SchedulerServiceClient,
  type WatchDueRequest,
  type WatchDueResponse,
} from '../gen/dueline/v1/scheduler.js';
import type { Connection, Replica } from './connection.js';
import { DuelineError } from './errors.js';
import { duration, millis, now } from './time.js';

/** Told what a watch brings. */
export interface WatchListener {
  started(watcherId: string): void;
  due(watch: Watch, jobs: DueJob[]): void;
  lost(leases: LostLease[]): void;
  /** It gets no more jobs, although it was not told to stop: another one is needed. */
  leaving(): void;
  /** The last event. Without an error where it ended as it should. */
  ended(watch: Watch, error: DuelineError | undefined): void;
}

/** Silence before Started, which may take as long as the server waits for Redis. */
const START_MS = 10_000;
/** Ticks between two heartbeats, and how many of them may go by in silence. */
const TICKS_A_HEARTBEAT = 2;
const SILENT_TICKS = 6;
/** Silence, in heartbeats, after which the server may have stopped extending leases. */
const HEARTBEATS_OF_TRUST = 1.5;
const STOP_CALL_MS = 5_000;
const STOP_TRIES = 3;
/** The contract takes no less. */
const SHORTEST_STOP_MS = 1_000;

/** One WatchDue stream, from its start to its end. */
export class Watch {
  /** Whether it gets no more jobs. */
  isLeaving = false;
  hasEnded = false;
  /** Whether it brought a job, or lived for a heartbeat. */
  hasLived = false;
  /** Whether it was told to end soon whatever its jobs do. */
  isGivenUp = false;
  /** When the last event came, or the end. */
  heardAt = now();

  readonly credit: number;
  readonly #replica: Replica;
  readonly #stub: SchedulerServiceClient;
  readonly #call: ClientReadableStream<WatchDueResponse>;
  #token = '';
  #silentTicks = 0;
  #heartbeat = Infinity;
  #ticker: NodeJS.Timeout;

  constructor(
    private readonly connection: Connection,
    request: WatchDueRequest,
    private readonly listener: WatchListener,
  ) {
    this.credit = request.maxOutstandingJobs;
    this.#replica = connection.pick();
    this.#stub = this.#replica.scheduler;
    this.#call = this.#stub.watchDue(request);
    this.#call.on('data', (event: WatchDueResponse) => this.#take(event));
    this.#call.on('error', (error: ServiceError) => this.#end(error));
    this.#call.on('end', () => this.#end());
    this.#ticker = setInterval(() => this.#tick(), START_MS / SILENT_TICKS);
  }

  /** Whether the server may not be extending its leases. */
  get isSilent(): boolean {
    return this.hasEnded || now() - this.heardAt > HEARTBEATS_OF_TRUST * this.#heartbeat;
  }

  /**
   * Has the service give no more jobs to the watch, and end it once the jobs it has are settled.
   * Where no replica can be asked, the stream is cancelled.
   *
   * @param timeout milliseconds after which the service ends it all the same
   */
  async stop(timeout: number): Promise<void> {
    this.isLeaving = true;
    try {
      const request = { watchToken: this.#token, timeout: duration(Math.max(timeout, SHORTEST_STOP_MS)) };
      for (let tries = 0; this.#token && tries < STOP_TRIES && !this.hasEnded; tries++) {
        const options = { timeout: STOP_CALL_MS };
        const { outcome } = await this.connection.call('stopWatch', request, options);
        if (outcome !== StopWatchOutcome.UNANSWERED) return;
      }
    } catch {
      // As after UNANSWERED: no replica can stop it.
    }
    this.cancel();
  }

  /** Has the service end the watch as soon as it can be told, and leave its leases alone. */
  giveUp(): void {
    this.isGivenUp = true;
    void this.stop(SHORTEST_STOP_MS);
  }

  /** Ends the stream from this side. */
  cancel(): void {
    this.isLeaving = true;
    this.#call.cancel();
    this.#end();
  }

  #take({ event }: WatchDueResponse): void {
    this.#silentTicks = 0;
    this.heardAt = now();
    switch (event?.$case) {
      case 'started':
        this.#token = event.value.watchToken;
        this.#heartbeat = millis(event.value.heartbeatInterval!);
        this.#tickEach(this.#heartbeat / TICKS_A_HEARTBEAT);
        this.listener.started(event.value.watcherId);
        break;
      case 'dueJobs':
        this.hasLived = true;
        this.listener.due(this, event.value.jobs);
        break;
      case 'lostLeases':
        this.listener.lost(event.value.leases);
        break;
      case 'draining':
        if (this.isLeaving) break;
        this.isLeaving = true;
        // The same connection would lead to the same replica.
        this.#replica.renew(this.#stub);
        this.listener.leaving();
        break;
      case 'heartbeat':
        this.hasLived = true;
    }
  }

  #tickEach(ms: number): void {
    clearInterval(this.#ticker);
    if (!this.hasEnded) this.#ticker = setInterval(() => this.#tick(), ms);
  }

  /**
   * Counts ticks rather than time: after a pause of this process one tick comes, before what waits
   * in the socket is read.
   */
  #tick(): void {
    if (++this.#silentTicks <= SILENT_TICKS) return;
    this.#replica.renew(this.#stub);
    // Or the server would send jobs into a connection that is half open until its own ping fails.
    const request = { watchToken: this.#token, timeout: duration(SHORTEST_STOP_MS) };
    if (this.#token) this.connection.call('stopWatch', request, { timeout: STOP_CALL_MS }).catch(() => {});
    this.#call.cancel();
    this.#end({ code: status.UNAVAILABLE, details: 'silent for three heartbeats' } as ServiceError);
  }

  #end(error?: ServiceError): void {
    if (this.hasEnded) return;
    const isAsked = this.isLeaving;
    this.hasEnded = this.isLeaving = true;
    this.heardAt = now();
    clearInterval(this.#ticker);
    const failure = error ? DuelineError.of(error) : new DuelineError('UNAVAILABLE', 'the stream was closed');
    this.listener.ended(this, isAsked ? undefined : failure);
  }
}
