package dev.dueline.delivery.lease;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.news.Holders;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.delivery.time.StoreClock;
import dev.dueline.job.LeaseToken;
import dev.dueline.job.Shard;
import dev.dueline.store.JobStore;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.ExpiredLeases;
import dev.dueline.store.due.Release;
import dev.dueline.store.news.LeaseEnd;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;

/**
 * Ends the leases of one shard that ran out, whoever held them: the job is due again at once, since
 * it has waited its lease, or dead. Every replica that watches the shard does so; the fence in the
 * lease ids lets one of them win.
 */
public final class Expirer {
  /** Leases in one call: about a millisecond of the store's time. */
  private static final int BATCH = 64;

  private final Shard shard;
  private final JobStore store;
  private final Holders holders;
  private final StoreClock clock;
  private final DeliveryContext context;
  private final Alarm alarm;
  private boolean isEnding;
  private boolean isClosed;

  /** Ends nothing before the store says when the next lease ends. */
  public Expirer(
      Shard shard, JobStore store, Holders holders, StoreClock clock, DeliveryContext context) {
    this.shard = shard;
    this.store = store;
    this.holders = holders;
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
        store.expired(shard, BATCH).invoke(this::tell).chain(this::release),
        expired -> over(sentNanos, expired),
        failure -> isEnding = false);
  }

  private Uni<ExpiredLeases> release(ExpiredLeases expired) {
    List<Release> releases = expired.jobs().stream().map(RetryDecision::expired).toList();
    return releases.isEmpty()
        ? Uni.createFrom().item(expired)
        : store.release(shard, releases, true).replaceWith(expired);
  }

  private void over(long sentNanos, ExpiredLeases expired) {
    isEnding = false;
    clock.observe(sentNanos, expired.nowUs(), expired.nextExpiryMs());
    List<LeaseToken> held = held(expired);
    if (!held.isEmpty()) {
      context.observer().leasesExpired(shard, held.size());
    }
    replied(expired.nextExpiryMs());
  }

  /** Before their jobs are due again, or whoever let them run out might be given them at once. */
  private void tell(ExpiredLeases expired) {
    holders.ended(held(expired), LeaseEnd.EXPIRED);
  }

  private List<LeaseToken> held(ExpiredLeases expired) {
    return expired.jobs().stream()
        .filter(job -> !job.lease().leaseId().isNobodys())
        .map(job -> new LeaseToken(shard, job.lease()))
        .toList();
  }
}
