import {
  credentials,
  InterceptingCall,
  Metadata,
  status,
  type ChannelCredentials,
  type ClientOptions,
  type Interceptor,
  type MethodDefinition,
} from '@grpc/grpc-js';
import { QueueServiceClient } from '../gen/dueline/v1/queue.js';
import { SchedulerServiceClient, SchedulerServiceService } from '../gen/dueline/v1/scheduler.js';
import { DuelineError } from './errors.js';
import { Backoff, now, sleep } from './time.js';

/** How a client connects. Times are milliseconds. */
export interface ConnectOptions {
  /** Sent with each call; a function is asked for each try anew, and one that fails is a try that failed. */
  token?: string | (() => string | Promise<string>);
  /** TLS with the authorities of Node, or with a PEM of your own, and a client certificate. */
  tls?: boolean | { ca?: Buffer; cert?: Buffer; key?: Buffer };
  /** For a call with all its retries. Default: 10 s. */
  callTimeout?: number;
  /** For one try, after which a replica that stands still is left. Default: 3 s. */
  attemptTimeout?: number;
  /** Told of each failed try that is followed by another one. */
  onRetry?: (error: DuelineError) => void;
}

type Methods = typeof SchedulerServiceService;
/** The names of the calls that have one answer. */
export type Method = Exclude<keyof Methods, 'watchDue'>;
type Request<M extends Method> = Parameters<Methods[M]['requestSerialize']>[0];
type Answer<M extends Method> = ReturnType<Methods[M]['responseDeserialize']>;

/** A replica that did not answer in time is tried again so much later, by one call. */
const SUSPECT_MS = 5_000;
const REFUSED_MS = 1_000;

const CHANNEL: ClientOptions = {
  // The server permits any number.
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  // By default a name whose addresses have all changed is looked up after up to 30 s only.
  'grpc.dns_min_time_between_resolutions_ms': 1_000,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2_000,
  'grpc.max_receive_message_length': 5 << 20,
  // Retries are made here: those of grpc-js know neither a deadline of one try nor other targets.
  'grpc.enable_retries': 0,
  'grpc.service_config': '{"loadBalancingConfig":[{"round_robin":{}}]}',
  // A channel that is made anew needs connections of its own.
  'grpc.use_local_subchannel_pool': 1,
};

/** One target, which is one replica, or several behind one name. */
export class Replica {
  scheduler!: SchedulerServiceClient;
  queues!: QueueServiceClient;
  /** Until then no call is made here if another replica is left. */
  suspectUntil = 0;

  constructor(
    private readonly target: string,
    private readonly credentials: ChannelCredentials,
    private readonly options: ClientOptions,
  ) {
    this.#open();
  }

  #open(): void {
    this.scheduler = new SchedulerServiceClient(this.target, this.credentials, this.options);
    const channelOverride = this.scheduler.getChannel();
    this.queues = new QueueServiceClient(this.target, this.credentials, { ...this.options, channelOverride });
  }

  /**
   * Leaves the connections of a stub for new ones, unless that was done already: what is half open
   * would be found by keepalive only, after 40 s. Calls that are under way go on.
   */
  renew(stub: SchedulerServiceClient): void {
    if (this.scheduler !== stub) return;
    this.#open();
    stub.close();
  }
}

/** Makes calls to the replicas in turn. */
export class Connection {
  readonly #replicas: Replica[];
  readonly #callTimeout: number;
  readonly #attemptTimeout: number;
  readonly #onRetry: (error: DuelineError) => void;
  #turn = 0;

  constructor(targets: string | readonly string[], options: ConnectOptions) {
    const { token, callTimeout = 10_000, attemptTimeout = 3_000, onRetry = () => {} } = options;
    const client = token === undefined ? CHANNEL : { ...CHANNEL, interceptors: [bearer(token)] };
    const trust = channelCredentials(options.tls);
    this.#replicas = [targets].flat().map((target) => new Replica(target, trust, client));
    if (this.#replicas.length === 0) throw new RangeError('no targets');
    this.#callTimeout = callTimeout;
    this.#attemptTimeout = attemptTimeout;
    this.#onRetry = onRetry;
  }

  /** The next replica in turn; one that failed a moment ago only if all did. */
  pick(): Replica {
    const inTurn = this.#replicas.map((_, i) => this.#replicas[(this.#turn + i) % this.#replicas.length]!);
    const replica = inTurn.find((it) => it.suspectUntil <= now()) ?? inTurn[0]!;
    this.#turn = this.#replicas.indexOf(replica) + 1;
    // One call finds out whether it is well again.
    if (replica.suspectUntil > 0) replica.suspectUntil = now() + this.#attemptTimeout;
    return replica;
  }

  /**
   * Makes a call, and makes it again, in turn at all replicas, while the service is unavailable.
   *
   * @param options.repeatable whether it is also safe to repeat after a try that was not answered
   * @param options.timeout milliseconds for all tries
   * @throws DuelineError
   */
  async call<M extends Method>(
    method: M,
    request: Request<M>,
    options: { repeatable?: boolean; timeout?: number } = {},
  ): Promise<Answer<M>> {
    const { repeatable = true, timeout = this.#callTimeout } = options;
    const end = now() + timeout;
    const backoff = new Backoff(100, 2_000);
    for (;;) {
      const left = Math.max(1, end - now());
      try {
        return await this.#attempt(method, request, repeatable ? Math.min(left, this.#attemptTimeout) : left);
      } catch (error) {
        if (!(error instanceof DuelineError)) throw error;
        const again = error.code === 'UNAVAILABLE' || (repeatable && error.code === 'DEADLINE_EXCEEDED');
        const wait = backoff.next();
        if (!again || now() + wait >= end) throw error;
        this.#onRetry(error);
        await sleep(wait);
      }
    }
  }

  #attempt<M extends Method>(method: M, request: Request<M>, timeout: number): Promise<Answer<M>> {
    const replica = this.pick();
    const stub = replica.scheduler;
    const definition = SchedulerServiceService[method] as unknown as MethodDefinition<Request<M>, Answer<M>>;
    const { path, requestSerialize, responseDeserialize } = definition;
    const options = { deadline: Date.now() + timeout };
    return new Promise((resolve, reject) => {
      stub.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        new Metadata(),
        options,
        (failure, answer) => {
          const error = failure && DuelineError.of(failure, Date.now() >= options.deadline);
          const isSilent = error?.code === 'DEADLINE_EXCEEDED';
          if (isSilent) replica.renew(stub);
          const pause = isSilent ? SUSPECT_MS : error?.code === 'UNAVAILABLE' ? REFUSED_MS : undefined;
          replica.suspectUntil = pause === undefined ? 0 : now() + pause;
          if (error) reject(error);
          else resolve(answer!);
        },
      );
    });
  }

  close(): void {
    for (const replica of this.#replicas) replica.scheduler.close();
  }
}

function channelCredentials(tls: ConnectOptions['tls']): ChannelCredentials {
  if (!tls) return credentials.createInsecure();
  const { ca = null, key = null, cert = null } = tls === true ? {} : tls;
  return credentials.createSsl(ca, key, cert);
}

function bearer(token: NonNullable<ConnectOptions['token']>): Interceptor {
  return (options, nextCall) =>
    new InterceptingCall(nextCall(options), {
      async start(metadata, listener, next) {
        try {
          metadata.set('authorization', `Bearer ${typeof token === 'string' ? token : await token()}`);
        } catch (error) {
          const details = `no token: ${error}`;
          // Where tokens come from may be away for a moment: that is no refusal.
          listener.onReceiveStatus({ code: status.UNAVAILABLE, details, metadata: new Metadata() });
          return;
        }
        next(metadata, listener);
      },
    });
}
