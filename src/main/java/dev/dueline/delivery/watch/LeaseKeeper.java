package dev.dueline.delivery.watch;

import dev.dueline.delivery.DeliveryContext;
import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.delivery.watch.Watcher.Outstanding;
import dev.dueline.job.LeaseToken;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Looks after the leases of one watcher: extends them each third of a lease where the watcher wants
 * that, and asks the store about those that should have ended but that nobody spoke of. The answer
 * matters: a lease that was extended elsewhere is still out, and must not give credit. In a drain
 * it asks about all, since what another replica said of one may have been lost, and nobody shall
 * wait for a job that is done.
 */
final class LeaseKeeper {
  private static final Duration LONGEST_ROUND = Duration.ofSeconds(1);
  private static final long GRACE_NANOS = Duration.ofMillis(500).toNanos();

  private final WatchSpec spec;
  private final Map<LeaseToken, Outstanding> outstanding;
  private final DeliveryContext context;
  private final Leases leases;
  private final Alarm alarm;
  private final Duration round;
  private boolean isKeeping;
  private boolean isDraining;

  LeaseKeeper(
      WatchSpec spec,
      Map<LeaseToken, Outstanding> outstanding,
      DeliveryContext context,
      Leases leases) {
    this.spec = spec;
    this.outstanding = outstanding;
    this.context = context;
    this.leases = leases;
    this.alarm = new Alarm(context.loop());
    Duration third = Duration.ofMillis(spec.leaseMs() / 3);
    this.round =
        spec.isAutoExtending() || third.compareTo(LONGEST_ROUND) < 0 ? third : LONGEST_ROUND;
  }

  /** Begins, if there is something to look after. */
  void keep() {
    if (!isKeeping && !outstanding.isEmpty()) {
      isKeeping = true;
      boolean isHasty = isDraining && round.compareTo(LONGEST_ROUND) > 0;
      alarm.set(isHasty ? LONGEST_ROUND : round, this::look);
    }
  }

  /** Asks about each lease, now and every second or so. */
  void drain() {
    isDraining = true;
    look();
  }

  void stop() {
    alarm.cancel();
  }

  private void look() {
    isKeeping = false;
    if (spec.isAutoExtending()) {
      extend(List.copyOf(outstanding.keySet()), spec.leaseMs());
    } else if (isDraining) {
      extend(List.copyOf(outstanding.keySet()), 0);
    } else {
      long now = context.loop().nanoTime();
      List<LeaseToken> silent =
          outstanding.entrySet().stream()
              .filter(lease -> now - lease.getValue().expiryNanos() > GRACE_NANOS)
              .map(Map.Entry::getKey)
              .toList();
      extend(silent, 0);
    }
    keep();
  }

  /** Those that turn out to be over are told to the watcher by way of {@link Leases}. */
  private void extend(List<LeaseToken> tokens, long leaseMs) {
    if (tokens.isEmpty()) {
      return;
    }
    leases
        .keep(tokens, leaseMs)
        .subscribe()
        .with(
            expiries -> context.loop().execute(() -> extended(tokens, leaseMs)),
            failure -> context.loop().execute(() -> context.observer().leaseCallFailed(failure)));
  }

  private void extended(List<LeaseToken> tokens, long leaseMs) {
    long expiry = context.loop().nanoTime() + Duration.ofMillis(leaseMs).toNanos();
    for (LeaseToken token : tokens) {
      Outstanding lease = outstanding.get(token);
      if (lease != null) {
        lease.expiresAt(Math.max(expiry, lease.expiryNanos()));
      }
    }
  }
}
