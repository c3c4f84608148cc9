import { Duration } from '../gen/google/protobuf/duration.js';

/** A duration of the contract, of milliseconds. */
export function duration(ms: number): Duration;
export function duration(ms: number | undefined): Duration | undefined;
export function duration(ms: number | undefined): Duration | undefined {
  if (ms === undefined) return undefined;
  if (!Number.isFinite(ms)) throw new RangeError(`not a number of milliseconds: ${ms}`);
  const seconds = Math.trunc(ms / 1000);
  return { seconds, nanos: Math.round((ms - seconds * 1000) * 1e6) };
}

/** The milliseconds of a duration of the contract. */
export function millis(duration: Duration): number {
  return duration.seconds * 1000 + duration.nanos / 1e6;
}

/** Milliseconds of a clock that nobody sets. */
export function now(): number {
  return performance.now();
}

/** Waits; with a promise, until it is settled at the latest. Never fails. */
export async function sleep(ms: number, until?: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([
    timeout,
    until?.then(
      () => {},
      () => {},
    ) ?? timeout,
  ]);
  clearTimeout(timer);
}

/**
 * How long to wait before the next try: anything up to a bound that doubles ("full jitter"), so
 * that the clients of a replica that went away do not all return at once.
 */
export class Backoff {
  #bound: number;

  constructor(
    private readonly initial: number,
    private readonly longest: number,
  ) {
    this.#bound = initial;
  }

  next(): number {
    const wait = Math.random() * this.#bound;
    this.#bound = Math.min(this.longest, this.#bound * 2);
    return wait;
  }

  reset(): void {
    this.#bound = this.initial;
  }
}
