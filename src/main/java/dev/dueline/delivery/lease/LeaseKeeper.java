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

/**
 * The leases of one watcher that are out. Extends them each third of a lease where the watcher
 * wants that, and asks the store about those that should have ended but that nobody spoke of. The
 * answer matters: a lease that was extended elsewhere is still out, and must not give credit.
 *
 * <p>It asks about all where what another replica said of one may have been lost: after a gap in
 * the news, in a drain, since nobody shall wait for a job that is done, and while the watcher has
 * no room and nothing is heard of its leases, since due jobs may wait for room that there is.
 */
public final class LeaseKeeper {
  private static final Duration MAX_ROUND = Duration.ofSeconds(1);

  /** An announcement that a lease ended has arrived by then, or is lost. */
  private static final Duration GRACE = Duration.ofMillis(500);

  /**
   * Of a watcher without room nothing was heard for so long: it is asked about, and then after
   * twice as long each time, as one whose jobs take long is no cause for doubt.
   */
  private static final Duration FIRST_DOUBT = Duration.ofSeconds(1);

  /** A claim that is sent so long before a lease ends may run when its job is due again. */
  private static final Duration UNDER_WAY = Duration.ofMillis(20);

  private final long leaseMs;
  private final boolean isAutoExtending;
  private final Leases leases;
  private final BooleanSupplier isFull;
  private final DeliveryContext context;
  private final Alarm alarm;
  private final Alarm doubt;
  private final Duration round;
  private final long mostPatienceNanos;
  private final Map<LeaseToken, Outstanding> outstanding = new HashMap<>();
  private boolean isKeeping;
  private boolean isDoubting;
  private boolean isDraining;
  private long heardNanos;
  private long patienceNanos = FIRST_DOUBT.toNanos();

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
    this.doubt = new Alarm(context.loop());
    Duration third = Duration.ofMillis(leaseMs / 3);
    this.mostPatienceNanos = Math.max(third.toNanos(), FIRST_DOUBT.toNanos());
    this.round = isAutoExtending || third.compareTo(MAX_ROUND) < 0 ? third : MAX_ROUND;
  }

  private static final class Outstanding {
    private final int attempt;
    private final RetryPolicy retryPolicy;

    /** By the loop's clock; too early where news of an extension was lost. */
    private long expiryNanos;

    /** Whether the store said that it is not over, though it should be. */
    private boolean isAlive;

    Outstanding(int attempt, RetryPolicy retryPolicy, long expiryNanos) {
      this.attempt = attempt;
      this.retryPolicy = retryPolicy;
      this.expiryNanos = expiryNanos;
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
        new Outstanding(delivery.attempt(), delivery.job().effectiveRetryPolicy(), expiryNanos));
    firstEndNanos = Math.min(firstEndNanos, expiryNanos);
    heard();
    keep();
    doubt();
  }

  /** A lease was extended at the word of its holder, by so much from now. */
  public void extended(LeaseToken token, long byMs) {
    extended(List.of(token), byMs);
  }

  /** A lease is over, or goes back; false: it was not out. */
  public boolean remove(LeaseToken token) {
    heard();
    return outstanding.remove(token) != null;
  }

  /** Asks about each lease, since what was said of some may have been missed. */
  public void ask() {
    ask(List.copyOf(outstanding.keySet()));
  }

  /** Asks about each lease, now and every second or so. */
  public void drain() {
    isDraining = true;
    look();
  }

  /** The watcher has disconnected: looks after no lease any longer. Gives those that were out. */
  public Map<LeaseToken, Release> disconnect() {
    alarm.cancel();
    doubt.cancel();
    Map<LeaseToken, Release> failed = new HashMap<>();
    outstanding.forEach(
        (token, lease) ->
            failed.put(
                token,
                RetryDecision.disconnected(token.lease(), lease.attempt - 1, lease.retryPolicy)));
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
    if (isAutoExtending || isDraining) {
      ask();
    } else {
      long now = context.loop().nanoTime();
      ask(
          outstanding.entrySet().stream()
              .filter(lease -> now - lease.getValue().expiryNanos > GRACE.toNanos())
              .map(Map.Entry::getKey)
              .toList());
    }
    keep();
  }

  private void heard() {
    heardNanos = context.loop().nanoTime();
    if (patienceNanos > FIRST_DOUBT.toNanos()) {
      patienceNanos = FIRST_DOUBT.toNanos();
      isDoubting = false;
      doubt();
    }
  }

  /** Looks whether anything was heard once patience is at its end. */
  private void doubt() {
    if (!isDoubting && !outstanding.isEmpty()) {
      isDoubting = true;
      long silenceNanos = context.loop().nanoTime() - heardNanos;
      doubt.set(Duration.ofNanos(patienceNanos - silenceNanos), this::endPatience);
    }
  }

  private void endPatience() {
    isDoubting = false;
    long now = context.loop().nanoTime();
    if (now - heardNanos >= patienceNanos) {
      heardNanos = now;
      if (isFull.getAsBoolean()) {
        patienceNanos = Math.min(2 * patienceNanos, mostPatienceNanos);
        ask();
      }
    }
    doubt();
  }

  /** Extends them, or only asks. Those that turn out to be over are told of by {@link Leases}. */
  private void ask(List<LeaseToken> tokens) {
    if (tokens.isEmpty()) {
      return;
    }
    long byMs = isAutoExtending ? leaseMs : 0;
    context.call(leases.keep(tokens, byMs), expiries -> extended(tokens, byMs), this::failed);
  }

  private void failed(Throwable failure) {
    heard();
    context.observer().leaseCallFailed(failure);
  }

  private void extended(List<LeaseToken> tokens, long byMs) {
    long expiry = context.loop().nanoTime() + Duration.ofMillis(byMs).toNanos();
    for (LeaseToken token : tokens) {
      Outstanding lease = outstanding.get(token);
      if (lease != null) {
        lease.isAlive = byMs == 0 && lease.expiryNanos < expiry;
        lease.expiryNanos = Math.max(expiry, lease.expiryNanos);
        firstEndNanos = Math.min(firstEndNanos, lease.expiryNanos);
      }
    }
  }
}
