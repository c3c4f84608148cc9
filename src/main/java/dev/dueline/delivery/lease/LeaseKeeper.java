package dev.dueline.delivery.lease;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.due.Release;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The leases of one watcher that are out. Extends them each third of a lease where the watcher
 * wants that, and asks the store about those that should have ended but that nobody spoke of. The
 * answer matters: a lease that was extended elsewhere is still out, and must not give credit.
 *
 * <p>What another replica said of a lease may have been lost. So it asks about all after a gap in
 * the news; in a drain, since nobody shall wait for a job that is done; and less and less often
 * about each while the watcher has no room, since due jobs may wait for room that there is.
 */
public final class LeaseKeeper {
  private static final Duration MAX_ROUND = Duration.ofSeconds(1);

  /** An announcement that a lease ended has arrived by then, or is lost. */
  private static final Duration GRACE = Duration.ofMillis(500);

  /** A lease of a watcher without room is asked about after so long, then after twice as long. */
  private static final Duration FIRST_CHECK = Duration.ofSeconds(1);

  /** A claim that is sent so long before a lease ends may run when its job is due again. */
  private static final Duration UNDER_WAY = Duration.ofMillis(20);

  /** Why a lease failed whose watcher has gone. */
  private static final String DISCONNECTED = "watcher disconnected";

  private final long leaseMs;
  private final boolean isAutoExtending;
  private final Leases leases;
  private final BooleanSupplier isFull;
  private final DeliveryContext context;
  private final Alarm alarm;
  private final Alarm checkAlarm;
  private final Duration round;
  private final long longestCheckNanos;
  private final Map<LeaseToken, Outstanding> outstanding = new HashMap<>();
  private boolean isKeeping;
  private boolean isChecking;
  private boolean isDraining;

  /** No lease ends before, by the loop's clock. */
  private long firstEndNanos = Long.MAX_VALUE;

  /**
   * No lease is out yet.
   *
   * @param isFull whether the watcher has no room for more, as far as this replica knows
   */
  public LeaseKeeper(
      long leaseMs,
      boolean isAutoExtending,
      Leases leases,
      BooleanSupplier isFull,
      DeliveryContext context) {
    this.leaseMs = leaseMs;
    this.isAutoExtending = isAutoExtending;
    this.leases = leases;
    this.isFull = isFull;
    this.context = context;
    this.alarm = new Alarm(context.loop());
    this.checkAlarm = new Alarm(context.loop());
    Duration third = Duration.ofMillis(leaseMs / 3);
    this.longestCheckNanos = Math.max(third.toNanos(), FIRST_CHECK.toNanos());
    this.round = isAutoExtending || third.compareTo(MAX_ROUND) < 0 ? third : MAX_ROUND;
  }

  private static final class Outstanding {
    private final int attempt;
    private final RetryPolicy retryPolicy;

    /** By the loop's clock; too early where news of an extension was lost. */
    private long expiryNanos;

    /** Whether the store said that it is not over, though it should be. */
    private boolean isAlive;

    /** When it was known last to be out. */
    private long knownNanos;

    private long checkNanos = FIRST_CHECK.toNanos();

    Outstanding(int attempt, RetryPolicy retryPolicy, long expiryNanos, long knownNanos) {
      this.attempt = attempt;
      this.retryPolicy = retryPolicy;
      this.expiryNanos = expiryNanos;
      this.knownNanos = knownNanos;
    }
  }

  /** How many leases are out. */
  public int count() {
    return outstanding.size();
  }

  /**
   * Whether a lease has run out, or is about to, that nobody extends: its job may be due again
   * before the news comes.
   */
  public boolean isOverdue() {
    if (isAutoExtending || outstanding.isEmpty()) {
      return false;
    }
    long soon = context.loop().nanoTime() + UNDER_WAY.toNanos();
    if (firstEndNanos <= soon) {
      firstEndNanos =
          outstanding.values().stream()
              .filter(lease -> !lease.isAlive)
              .mapToLong(lease -> lease.expiryNanos)
              .min()
              .orElse(Long.MAX_VALUE);
    }
    return firstEndNanos <= soon;
  }

  /**
   * A lease is out.
   *
   * @param expiryNanos when it ends, by the loop's clock
   */
  public void add(Delivery delivery, long expiryNanos) {
    outstanding.put(
        delivery.token(),
        new Outstanding(
            delivery.attempt(),
            delivery.job().effectiveRetryPolicy(),
            expiryNanos,
            context.loop().nanoTime()));
    firstEndNanos = Math.min(firstEndNanos, expiryNanos);
    keep();
    checkLater();
  }

  /** A lease was extended at the word of its holder, by so much from now. */
  public void extended(LeaseToken token, long byMs) {
    extended(List.of(token), byMs, context.loop().nanoTime());
  }

  /** A lease is over, or goes back; false: it was not out. */
  public boolean remove(LeaseToken token) {
    return outstanding.remove(token) != null;
  }

  /** What was said of leases may have been missed: asks about each. */
  public void missedNews() {
    ask(those(this::isRunning), 0);
  }

  /** Asks about each lease, now and every second or so. */
  public void drain() {
    isDraining = true;
    look();
  }

  /** The watcher has disconnected: looks after no lease any longer. Gives those that were out. */
  public Map<LeaseToken, Release> disconnect() {
    alarm.cancel();
    checkAlarm.cancel();
    Map<LeaseToken, Release> failed = new HashMap<>();
    outstanding.forEach(
        (token, lease) ->
            failed.put(
                token,
                Release.failed(token.lease(), lease.attempt - 1, lease.retryPolicy, DISCONNECTED)));
    outstanding.clear();
    return failed;
  }

  private void keep() {
    if (!isKeeping && !outstanding.isEmpty()) {
      isKeeping = true;
      boolean isHasty = isDraining && round.compareTo(MAX_ROUND) > 0;
      alarm.set(isHasty ? MAX_ROUND : round, this::look);
    }
  }

  private void look() {
    isKeeping = false;
    if (isAutoExtending) {
      ask(those(lease -> true), leaseMs);
    } else if (isDraining) {
      ask(those(lease -> true), 0);
    } else {
      long overdue = context.loop().nanoTime() - GRACE.toNanos();
      ask(those(lease -> lease.expiryNanos < overdue), 0);
    }
    keep();
  }

  private void checkLater() {
    if (!isChecking && !outstanding.isEmpty()) {
      isChecking = true;
      checkAlarm.set(FIRST_CHECK, this::check);
    }
  }

  private void check() {
    isChecking = false;
    if (isFull.getAsBoolean()) {
      long now = context.loop().nanoTime();
      ask(those(lease -> isRunning(lease) && now - lease.knownNanos >= lease.checkNanos), 0);
    }
    checkLater();
  }

  /** One that runs out, or has, is left to who ends it, and tells that it ran out. */
  private boolean isRunning(Outstanding lease) {
    long soon = context.loop().nanoTime() + GRACE.toNanos();
    return isAutoExtending || lease.expiryNanos > soon;
  }

  private List<LeaseToken> those(Predicate<Outstanding> which) {
    return outstanding.entrySet().stream()
        .filter(lease -> which.test(lease.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Extends leases, or only asks; a shard that does not answer keeps nobody from hearing of others.
   * Those that turn out to be over are told of by {@link Leases}.
   */
  private void ask(List<LeaseToken> tokens, long byMs) {
    long askedNanos = context.loop().nanoTime();
    tokens.stream()
        .collect(Collectors.groupingBy(LeaseToken::shard))
        .values()
        .forEach(
            part ->
                context.call(
                    leases.keep(part, byMs),
                    expiries -> extended(part, byMs, askedNanos),
                    failure -> context.observer().leaseCallFailed(failure)));
  }

  private void extended(List<LeaseToken> tokens, long byMs, long askedNanos) {
    long expiry = context.loop().nanoTime() + Duration.ofMillis(byMs).toNanos();
    for (LeaseToken token : tokens) {
      Outstanding lease = outstanding.get(token);
      if (lease != null) {
        lease.isAlive = byMs == 0 && lease.expiryNanos < expiry;
        lease.expiryNanos = Math.max(expiry, lease.expiryNanos);
        lease.knownNanos = askedNanos;
        lease.checkNanos = Math.min(2 * lease.checkNanos, longestCheckNanos);
        firstEndNanos = Math.min(firstEndNanos, lease.expiryNanos);
      }
    }
  }
}
