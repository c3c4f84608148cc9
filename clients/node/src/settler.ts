import { LeaseOutcome } from '../gen/dueline/v1/scheduler.js';
import { Batcher } from './batcher.js';
import type { Connection } from './connection.js';
import { DuelineError, type Code } from './errors.js';
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
/** Of a duration of the contract: 10,000 years. The server takes less. */
const LONGEST_MS = 315_576_000_000_000;
/** What says that no later call would be accepted either. */
const REFUSALS = new Set<Code>(['UNAUTHENTICATED', 'PERMISSION_DENIED']);

/** Acknowledges deliveries and gives them back, many in one call. */
export class Settler {
  readonly #batcher: Batcher<Item>;

  /**
   * @param timeout milliseconds for which a call is tried again
   * @param refused told where the server no longer takes this client for who it is
   */
  constructor(
    private readonly connection: Connection,
    private readonly timeout: number,
    private readonly refused: (error: DuelineError) => void,
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
    const tokens = items.map(({ token }) => token);
    try {
      const outcomes = await this.#ask(verdict, tokens);
      items.forEach(({ resolve }, i) => resolve(outcomes[i] === LeaseOutcome.OK ? verdict.is : 'lost'));
    } catch (error) {
      if (error instanceof DuelineError && REFUSALS.has(error.code)) this.refused(error);
      items.forEach(({ resolve }) => resolve('unsettled'));
    }
  }

  async #ask(verdict: Verdict, leaseTokens: string[]): Promise<LeaseOutcome[]> {
    const options = { timeout: this.timeout };
    if (verdict.is === 'acked') {
      return (await this.connection.call('ack', { leaseTokens }, options)).outcomes;
    }
    const { reason = '', delay } = verdict.is === 'given_back' ? { reason: '', delay: 0 } : verdict;
    const request = {
      leaseTokens,
      delay: duration(within(delay)),
      dead: verdict.is === 'dead',
      reason: cut(reason),
      uncounted: verdict.is === 'given_back',
    };
    try {
      return (await this.connection.call('nack', request, options)).outcomes;
    } catch (error) {
      const isRefused = error instanceof DuelineError && error.code === 'INVALID_ARGUMENT';
      if (!isRefused || verdict.is !== 'nacked' || delay === undefined) throw error;
      // A delay that the server does not take: the job's retry policy decides.
      return this.#ask({ is: 'nacked', reason: error.message }, leaseTokens);
    }
  }
}

/** A delay as the contract can carry it; undefined: by the retry policy. */
function within(delay: number | undefined): number | undefined {
  if (delay === undefined || Number.isNaN(delay)) return undefined;
  return Math.min(Math.max(delay, 0), LONGEST_MS);
}

/** Cuts a text to what the contract takes, between characters. */
export function cut(text: string): string {
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(MAX_REASON_BYTES)).read);
}
