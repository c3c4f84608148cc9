/** Bounds of one call, and how many are under way at once. */
export interface Limits {
  items: number;
  bytes: number;
  calls: number;
}

/** How long an item waits for company while calls are under way. */
const GATHER_MS = 5;

/**
 * Gathers items into calls: at once while none is under way, else each 5 ms or when a call is full.
 * What waits beyond the calls that may be under way waits for one of them to end.
 */
export class Batcher<T> {
  #waiting: { item: T; bytes: number }[] = [];
  #bytes = 0;
  #calls = 0;
  #isDue = false;
  #onIdle: (() => void)[] = [];

  /** @param send makes one call; it never fails */
  constructor(
    private readonly limits: Limits,
    private readonly send: (items: T[]) => Promise<void>,
  ) {}

  add(item: T, bytes = 0): void {
    this.#waiting.push({ item, bytes });
    this.#bytes += bytes;
    if (this.#isFull()) this.#flush();
    else this.#flushSoon();
  }

  /** Resolves when nothing waits and no call is under way. */
  async idle(): Promise<void> {
    if (this.#waiting.length || this.#calls) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  #isFull(): boolean {
    return this.#waiting.length >= this.limits.items || this.#bytes >= this.limits.bytes;
  }

  #flushSoon(): void {
    if (this.#isDue || this.#waiting.length === 0) return;
    this.#isDue = true;
    const flush = () => {
      this.#isDue = false;
      this.#flush();
    };
    if (this.#calls === 0) setImmediate(flush);
    else setTimeout(flush, GATHER_MS);
  }

  #flush(): void {
    while (this.#waiting.length && this.#calls < this.limits.calls) {
      this.#calls++;
      void this.send(this.#take()).finally(() => this.#ended());
    }
  }

  #take(): T[] {
    let count = 0;
    let bytes = 0;
    for (const waiting of this.#waiting.slice(0, this.limits.items)) {
      if (count > 0 && bytes + waiting.bytes > this.limits.bytes) break;
      bytes += waiting.bytes;
      count++;
    }
    this.#bytes -= bytes;
    return this.#waiting.splice(0, count).map(({ item }) => item);
  }

  #ended(): void {
    this.#calls--;
    if (this.#isFull()) this.#flush();
    else this.#flushSoon();
    if (this.#calls === 0 && this.#waiting.length === 0) this.#onIdle.splice(0).forEach((resolve) => resolve());
  }
}
