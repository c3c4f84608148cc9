import { LeaseOutcome } from '../gen/dueline/v1/scheduler.js';
import { Batcher } from './batcher.js';
import type { Connection } from './connection.js';
import { duration } from './time.js';

/** What the server is told of a delivery. */
export type Verdict =
  { is: 'acked' } | { is: 'nacked' | 'dead'; reason: string; delay?: number } | { is: 'given_back' };

/**
 * What became of a delivery: `given_back` uncounted, when the worker was stopped; `lost` with its
 * lease; `unsettled` where no answer came in time.
 */
export type Outcome = Verdict['is'] | 'lost' | 'unsettled';

interface Item {
  token: string;
  verdict: Verdict;
  resolve: (outcome: Outcome) => void;
}

const MAX_TOKENS = 1_000;
const MAX_REASON_BYTES = 1_024;

/** Acknowledges deliveries and gives them back, many in one call. */
export class Settler {
  readonly #batcher: Batcher<Item>;

  /** @param timeout milliseconds for which a call is tried again */
  constructor(
    private readonly connection: Connection,
    private readonly timeout: number,
  ) {
    this.#batcher = new Batcher({ items: MAX_TOKENS, bytes: Infinity, calls: 4 }, (items) => this.#send(items));
  }

  /** Never fails. */
  settle(token: string, verdict: Verdict): Promise<Outcome> {
    return new Promise((resolve) => this.#batcher.add({ token, verdict, resolve }));
  }

  /** Resolves when all is settled. */
  idle(): Promise<void> {
    return this.#batcher.idle();
  }

  async #send(items: Item[]): Promise<void> {
    const calls = new Map<string, Item[]>();
    for (const item of items) {
      const key = JSON.stringify(item.verdict);
      const alike = calls.get(key);
      if (alike) alike.push(item);
      else calls.set(key, [item]);
    }
    await Promise.all([...calls.values()].map((alike) => this.#call(alike)));
  }

  async #call(items: Item[]): Promise<void> {
    const { verdict } = items[0]!;
    const outcomes = await this.#ask(
      verdict,
      items.map(({ token }) => token),
    ).catch(() => undefined);
    items.forEach(({ resolve }, i) => {
      if (!outcomes) resolve('unsettled');
      else resolve(outcomes[i] === LeaseOutcome.OK ? verdict.is : 'lost');
    });
  }

  async #ask(verdict: Verdict, leaseTokens: string[]): Promise<LeaseOutcome[]> {
    const options = { timeout: this.timeout };
    if (verdict.is === 'acked') {
      return (await this.connection.call('ack', { leaseTokens }, options)).outcomes;
    }
    const { reason = '', delay } = verdict.is === 'given_back' ? {} : verdict;
    const request = {
      leaseTokens,
      delay: duration(delay),
      dead: verdict.is === 'dead',
      reason: cut(reason),
      uncounted: verdict.is === 'given_back',
    };
    return (await this.connection.call('nack', request, options)).outcomes;
  }
}

/** Cuts a text to what the contract takes, between characters. */
export function cut(text: string): string {
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(MAX_REASON_BYTES)).read);
}
