import { status } from '@grpc/grpc-js';
import type { BatchScheduleResult, ScheduleRequest } from '../gen/dueline/v1/scheduler.js';
import { Batcher } from './batcher.js';
import type { Connection } from './connection.js';
import { DuelineError } from './errors.js';
import { toRequest, toScheduled, type Payload, type Scheduled, type ScheduleOptions } from './schedule.js';
import { Backoff, now } from './time.js';

interface Item {
  request: ScheduleRequest;
  end: number;
  backoff: Backoff;
  resolve(scheduled: Scheduled): void;
  reject(error: unknown): void;
}

const LIMITS = { items: 500, bytes: 2 << 20, calls: 4 };
const MAX_WAITING = 20_000;
/** For all tries of one job. */
const TIMEOUT_MS = 10_000;
/** Fields beside payload and attributes, at most. */
const FIELD_BYTES = 1_024;

/** Schedules jobs, up to 500 in one call, and answers each as if it had gone alone. */
export class BatchingProducer {
  readonly #batcher = new Batcher<Item>(LIMITS, (items) => this.#send(items));
  #waiting = 0;
  readonly #room: (() => void)[] = [];

  constructor(private readonly connection: Connection) {}

  /** As Client.schedule. While 20,000 jobs wait for their answers, others wait for room. */
  async schedule(queue: string, payload: Payload, options: ScheduleOptions = {}): Promise<Scheduled> {
    const request = toRequest(queue, payload, options);
    while (this.#waiting >= MAX_WAITING) await new Promise<void>((resolve) => this.#room.push(resolve));
    this.#waiting++;
    try {
      return await new Promise((resolve, reject) =>
        this.#add({ request, end: now() + TIMEOUT_MS, backoff: new Backoff(100, 2_000), resolve, reject }),
      );
    } finally {
      this.#waiting--;
      this.#room.shift()?.();
    }
  }

  #add(item: Item): void {
    const { payload, attributes } = item.request;
    const texts = Object.entries(attributes).flat();
    const bytes = texts.reduce((sum, text) => sum + 3 * text.length, payload.length + FIELD_BYTES);
    this.#batcher.add(item, bytes);
  }

  async #send(items: Item[]): Promise<void> {
    const request = { requests: items.map((item) => item.request) };
    try {
      const { results } = await this.connection.call('batchSchedule', request);
      items.forEach((item, i) => this.#answer(item, results[i]?.result));
    } catch (error) {
      items.forEach((item) => item.reject(error));
    }
  }

  #answer(item: Item, result: BatchScheduleResult['result']): void {
    if (result?.$case === 'response') return item.resolve(toScheduled(result.value));
    if (!result) return item.reject(new DuelineError('INTERNAL', 'no answer for this job'));
    const wait = item.backoff.next();
    const isOver = result.value.code !== status.UNAVAILABLE || now() + wait >= item.end;
    if (isOver) return item.reject(DuelineError.ofItem(result.value));
    setTimeout(() => this.#add(item), wait);
  }
}
