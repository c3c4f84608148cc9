import { once, EventEmitter } from 'node:events';
import { Server, ServerCredentials, status, type ServiceError, type UntypedServiceImplementation } from '@grpc/grpc-js';
import {
  DueJob,
  LeaseOutcome,
  SchedulerServiceService,
  StopWatchOutcome,
  WatchDueResponse,
  type WatchDueRequest,
} from '../gen/dueline/v1/scheduler.js';
import { duration } from '../src/time.js';

type Event = NonNullable<WatchDueResponse['event']>;

/** One stream of the fake. */
export interface FakeWatch {
  request: WatchDueRequest;
  isOver: boolean;
  send(event: Event): void;
  end(): void;
}

/** A service that does as a test says: it keeps no jobs, and notes all calls. */
export class FakeService {
  readonly calls: { method: string; request: any }[] = [];
  readonly watches: FakeWatch[] = [];
  /** What calls fail with, by the name of the method. */
  readonly failures: Record<string, (request: any) => Partial<ServiceError> | undefined> = {};
  heartbeat = 10_000;
  target = '';
  readonly #server = new Server();
  readonly #changed = new EventEmitter();

  static async start(): Promise<FakeService> {
    const fake = new FakeService();
    await fake.#listen();
    return fake;
  }

  /** Waits until something is so. */
  async until<T>(find: () => T | undefined | false): Promise<T> {
    for (;;) {
      const found = find();
      if (found) return found;
      await once(this.#changed, 'change');
    }
  }

  /** Waits for a call. */
  async call(method: string, which: (request: any) => boolean = () => true): Promise<any> {
    const call = await this.until(() => this.calls.find((it) => it.method === method && which(it.request)));
    return call.request;
  }

  /** Waits for a stream. */
  watch(index = 0): Promise<FakeWatch> {
    return this.until(() => this.watches[index]);
  }

  end(): void {
    this.#server.forceShutdown();
  }

  async #listen(): Promise<void> {
    const outcomes = ({ leaseTokens }: any) => ({ outcomes: leaseTokens.map(() => LeaseOutcome.OK) });
    const implementation = {
      watchDue: (stream: any) => this.#open(stream),
      stopWatch: this.#unary('stopWatch', ({ watchToken }) => {
        this.watches[watchToken]?.send({ $case: 'stopped', value: {} });
        setImmediate(() => this.watches[watchToken]?.end());
        return { outcome: StopWatchOutcome.STOPPING };
      }),
      ack: this.#unary('ack', outcomes),
      nack: this.#unary('nack', outcomes),
      extendLease: this.#unary('extendLease', outcomes),
      getJob: this.#unary('getJob', () => ({ job: undefined })),
    };
    this.#server.addService(SchedulerServiceService, implementation as unknown as UntypedServiceImplementation);
    const port = await new Promise<number>((resolve, reject) =>
      this.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      ),
    );
    this.target = `127.0.0.1:${port}`;
  }

  #unary(method: string, answer: (request: any) => object) {
    return ({ request }: any, reply: (error: Partial<ServiceError> | null, answer?: object) => void) => {
      this.calls.push({ method, request });
      const failure = this.failures[method]?.(request);
      if (failure) reply(failure);
      else reply(null, answer(request));
      this.#changed.emit('change');
    };
  }

  #open(stream: any): void {
    const watch: FakeWatch = {
      request: stream.request,
      isOver: false,
      send: (event) => watch.isOver || stream.write(WatchDueResponse.fromPartial({ event } as object)),
      end: () => watch.isOver || stream.end(),
    };
    stream.on('cancelled', () => (watch.isOver = true));
    stream.on('finish', () => (watch.isOver = true));
    const watchToken = String(this.watches.push(watch) - 1);
    const { watcherId, maxOutstandingJobs, leaseDuration } = watch.request;
    const heartbeatInterval = duration(this.heartbeat);
    const started = { watcherId, maxOutstandingJobs, leaseDuration, heartbeatInterval, watchToken };
    watch.send({ $case: 'started', value: started } as Event);
    this.#changed.emit('change');
  }
}

/** An event that brings jobs. */
export function due(...tokens: string[]): Event {
  const time = new Date(0);
  const jobs = tokens.map((leaseToken) =>
    DueJob.fromPartial({ queue: 'q', jobId: leaseToken, leaseToken, attempt: 1, dueTime: time, dispatchTime: time }),
  );
  return { $case: 'dueJobs', value: { jobs } };
}

/** A failure with a status. */
export function failure(code: keyof typeof status, details = 'no'): Partial<ServiceError> {
  return { code: status[code] as status, details };
}
