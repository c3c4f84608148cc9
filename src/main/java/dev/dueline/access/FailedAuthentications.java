package dev.dueline.access;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often each peer address came with credentials that were missing or wrong, by gRPC or the
 * console: so often at once, and as often in a minute. Any thread.
 */
public final class FailedAuthentications {
  /** Addresses that are remembered, about 200 bytes each: those that failed last. */
  private static final int MAX_REMEMBERED = 10_000;

  private static final double SECONDS = 60;

  private final int most;
  private final Allowance.NanoClock clock;

  /** Guarded by this. */
  private final Map<String, Allowance> byAddress = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * None has failed.
   *
   * @param most of one address, in a minute
   */
  public FailedAuthentications(int most, Allowance.NanoClock clock) {
    this.most = most;
    this.clock = clock;
  }

  /** Counts a failure of a {@link PeerAddress}; whether it may go on like that. */
  public synchronized boolean mayGoOn(String address) {
    Allowance left = byAddress.get(address);
    if (left == null) {
      if (byAddress.size() >= MAX_REMEMBERED) {
        byAddress.remove(byAddress.keySet().iterator().next());
      }
      left = new Allowance(most, most / SECONDS, clock.nanoTime());
      byAddress.put(address, left);
    }
    return left.take(clock);
  }
}
