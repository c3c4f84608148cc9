package dev.dueline.access;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** How much of its limits each principal has used up at this replica. Any thread. */
public final class Usage {
  /** Principals of tokens come and go; beyond it those that hold nothing are forgotten. */
  private static final int MAX_KNOWN = 10_000;

  private static final long NANOS = 1_000_000_000L;

  private final LongSupplier nanoClock;
  private final Map<String, Account> accounts = new ConcurrentHashMap<>();

  /** Nothing is used. */
  public Usage(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** Counts a call, unless it is one too many: then gives how many ms to wait, else 0. */
  public long callOrWaitMs(Principal principal) {
    int rate = principal.callsPerSecond();
    return rate == 0 ? 0 : of(principal).callOrWaitMs(nanoClock.getAsLong(), rate);
  }

  /** Counts a watcher until it is {@link #released}, unless it is one too many. */
  public boolean acquired(Principal principal) {
    int most = principal.maxWatchers();
    return most == 0 || of(principal).watchers.getAndUpdate(n -> n < most ? n + 1 : n) < most;
  }

  /** Gives an acquired watcher back. */
  public void released(Principal principal) {
    if (principal.maxWatchers() > 0) {
      of(principal).watchers.decrementAndGet();
    }
  }

  private Account of(Principal principal) {
    if (accounts.size() > MAX_KNOWN) {
      accounts.values().removeIf(account -> account.watchers.get() == 0);
    }
    return accounts.computeIfAbsent(principal.name(), name -> new Account(nanoClock.getAsLong()));
  }

  /** A second's worth of calls may come at once. */
  private static final class Account {
    private final AtomicInteger watchers = new AtomicInteger();
    private double calls = Double.MAX_VALUE;
    private long sinceNanos;

    Account(long nowNanos) {
      sinceNanos = nowNanos;
    }

    synchronized long callOrWaitMs(long nowNanos, int rate) {
      double earned = (double) (nowNanos - sinceNanos) * rate / NANOS;
      calls = Math.min(rate, calls + earned);
      sinceNanos = nowNanos;
      if (calls < 1) {
        return Math.max(1, (long) Math.ceil((1 - calls) * 1_000 / rate));
      }
      calls--;
      return 0;
    }
  }
}
