package dev.dueline.delivery.lease;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.delivery.time.StoreClock;
import dev.dueline.job.Shard;
import dev.dueline.store.JobStore;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.ExpiredLeases;
import java.time.Duration;

/**
 * Ends at its moment what time ends in one shard: leases that ran out, whoever held them, so that
 * their jobs are due again, and jobs whose ttl has passed. Every replica that watches the shard
 * does so; the store lets one of them win.
 */
public final class Expirer {
  /** Leases in one call: about a millisecond of the store's time. */
  private static final int BATCH = 64;

  private final Shard shard;
  private final JobStore store;
  private final StoreClock clock;
  private final DeliveryContext context;
  private final Alarm alarm;
  private boolean isEnding;
  private boolean isClosed;

  /** Ends nothing before the store says when the next lease ends. */
  public Expirer(Shard shard, JobStore store, StoreClock clock, DeliveryContext context) {
    this.shard = shard;
    this.store = store;
    this.clock = clock;
    this.context = context;
    this.alarm = new Alarm(context.loop());
  }

  /** The store says when the next lease of the shard ends. */
  public void replied(long nextExpiryMs) {
    if (isEnding || isClosed) {
      return;
    }
    if (nextExpiryMs == Claim.NONE) {
      alarm.cancel();
    } else {
      long nanos = Math.max(0, clock.nanosUntil(nextExpiryMs));
      alarm.set(Duration.ofNanos(nanos), this::end);
    }
  }

  /** Ends no more leases. */
  public void close() {
    isClosed = true;
    alarm.cancel();
  }

  /** If that fails, the next reply to the loop sets the alarm again. */
  private void end() {
    isEnding = true;
    long sentNanos = context.loop().nanoTime();
    context.call(
        store.expire(shard, BATCH),
        expired -> over(sentNanos, expired),
        failure -> isEnding = false);
  }

  private void over(long sentNanos, ExpiredLeases expired) {
    isEnding = false;
    clock.observe(sentNanos, expired.nowUs(), expired.nextExpiryMs());
    replied(expired.nextExpiryMs());
  }
}
