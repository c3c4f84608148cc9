import { LeaseOutcome } from '../gen/dueline/v1/scheduler.js';
import type { Connection } from './connection.js';
import type { Run } from './run.js';
import { duration, now } from './time.js';

const MAX_TOKENS = 1_000;
const LONGEST_TICK_MS = 1_000;

/**
 * Extends leases, each third of a lease, that the server may no longer extend: those of streams
 * that have ended, or have been silent for too long.
 */
export class Leases {
  #ticker: NodeJS.Timeout | undefined;

  /**
   * @param lease milliseconds
   * @param running the handlers whose leases count
   * @param lose told of a handler whose lease is over
   */
  constructor(
    private readonly connection: Connection,
    private readonly lease: number,
    private readonly running: () => Run[],
    private readonly lose: (run: Run) => void,
  ) {}

  start(): void {
    this.#ticker = setInterval(() => this.extend(), Math.min(this.lease / 12, LONGEST_TICK_MS));
  }

  stop(): void {
    clearInterval(this.#ticker);
  }

  /** Extends those whose turn it is, without waiting for the next tick. */
  extend(): void {
    const due = this.running().filter((run) => run.watch.isSilent && now() >= run.extendAt);
    for (let i = 0; i < due.length; i += MAX_TOKENS) void this.#extend(due.slice(i, i + MAX_TOKENS));
  }

  async #extend(runs: Run[]): Promise<void> {
    const request = { leaseTokens: runs.map((run) => run.token), leaseDuration: duration(this.lease) };
    const sentAt = now();
    for (const run of runs) run.extendAt = sentAt + this.lease / 3;
    try {
      const { outcomes } = await this.connection.call('extendLease', request, { timeout: this.lease / 3 });
      runs.forEach((run, i) => {
        if (outcomes[i] === LeaseOutcome.OK) run.extendedAt = sentAt;
        else this.lose(run);
      });
    } catch {
      for (const run of runs) {
        // Until a stream ends, the server may be extending them all the same.
        const check = () => run.watch.hasEnded && now() >= run.leaseEnd(this.lease) && this.lose(run);
        setTimeout(check, Math.max(0, run.leaseEnd(this.lease) - now()) + 1).unref();
      }
    }
  }
}
