package dev.dueline.access;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/** How much of its limits each principal has used up at this replica. Any thread. */
public final class Usage {
  /** Principals of tokens come and go; beyond it those that use nothing are forgotten. */
  static final int MAX_KNOWN = 10_000;

  private static final long NANOS = 1_000_000_000L;

  private final LongSupplier nanoClock;
  private final Map<String, Account> accounts = new ConcurrentHashMap<>();

  /** With more accounts than that all are looked through once. */
  private final AtomicInteger mostKnown = new AtomicInteger(MAX_KNOWN);

  /** Nothing is used. */
  public Usage(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** Counts a call, unless it is one too many: then gives how many ms to wait, else 0. */
  public long callOrWaitMs(Principal principal) {
    int rate = principal.callsPerSecond();
    return rate == 0
        ? 0
        : of(principal, account -> account.callOrWaitMs(nanoClock.getAsLong(), rate));
  }

  /** Counts a watcher until it is {@link #released}, unless it is one too many. */
  public boolean acquired(Principal principal) {
    int most = principal.maxWatchers();
    return most == 0 || of(principal, account -> account.acquired(most) ? 1 : 0) == 1;
  }

  /** Gives an acquired watcher back. */
  public void released(Principal principal) {
    if (principal.maxWatchers() > 0) {
      long unused = of(principal, account -> --account.watchers);
    }
  }

  /** How many principals are known. */
  int known() {
    return accounts.size();
  }

  private long of(Principal principal, ToLongFunction<Account> use) {
    forgetIdle();
    while (true) {
      Account account =
          accounts.computeIfAbsent(principal.name(), name -> new Account(nanoClock.getAsLong()));
      synchronized (account) {
        if (!account.isForgotten) {
          return use.applyAsLong(account);
        }
      }
    }
  }

  /** Looks through all only when they are twice as many as were left the last time. */
  private void forgetIdle() {
    int most = mostKnown.get();
    if (accounts.size() <= most || !mostKnown.compareAndSet(most, Integer.MAX_VALUE)) {
      return;
    }
    long nowNanos = nanoClock.getAsLong();
    accounts.forEach(
        (name, account) -> {
          synchronized (account) {
            if (account.isIdle(nowNanos)) {
              account.isForgotten = true;
              accounts.remove(name, account);
            }
          }
        });
    mostKnown.set(Math.max(MAX_KNOWN, 2 * accounts.size()));
  }

  /** A second's worth of calls may come at once. Guarded by itself. */
  private static final class Account {
    private int watchers;
    private double calls = Double.MAX_VALUE;
    private long sinceNanos;

    /** Another has taken its place, or will. */
    private boolean isForgotten;

    Account(long nowNanos) {
      sinceNanos = nowNanos;
    }

    /** Whether a new one would be the same: after a second without calls it may make all again. */
    boolean isIdle(long nowNanos) {
      return watchers == 0 && nowNanos - sinceNanos >= NANOS;
    }

    boolean acquired(int most) {
      boolean isLet = watchers < most;
      watchers += isLet ? 1 : 0;
      return isLet;
    }

    long callOrWaitMs(long nowNanos, int rate) {
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
