package dev.dueline.delivery.lease;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.delivery.time.Backoff;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.due.Release;
import dev.dueline.store.failure.StoreUnavailableException;
import java.time.Duration;
import java.util.Map;

/**
 * A release that is sent again while the store cannot be reached, until the leases have run out
 * anyway or the loop ends; the lease ids make a repeat harmless.
 */
public final class ReleaseRetry {
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(20);
  private static final Duration MAX_BACKOFF = Duration.ofMillis(500);

  private final Map<LeaseToken, Release> releases;
  private final Leases leases;
  private final DeliveryContext context;
  private final Runnable onOver;
  private final Alarm alarm;
  private final Backoff backoff;
  private final long untilNanos;

  /**
   * Not sent yet.
   *
   * @param longest how long the leases may last
   * @param onOver called once the jobs are back, or will come back by themselves
   */
  public ReleaseRetry(
      Map<LeaseToken, Release> releases,
      Duration longest,
      Leases leases,
      DeliveryContext context,
      Runnable onOver) {
    this.releases = releases;
    this.leases = leases;
    this.context = context;
    this.onOver = onOver;
    this.alarm = new Alarm(context.loop());
    this.backoff = new Backoff(FIRST_BACKOFF, MAX_BACKOFF, context.random());
    this.untilNanos = context.loop().nanoTime() + longest.toNanos();
  }

  /** Sends it, and again until it is over. */
  public void send() {
    context.call(leases.release(releases), done -> onOver.run(), this::failed);
  }

  private void failed(Throwable failure) {
    Duration wait = backoff.next();
    boolean isInTime = context.loop().nanoTime() + wait.toNanos() - untilNanos < 0;
    if (failure instanceof StoreUnavailableException && isInTime) {
      alarm.set(wait, this::send);
    } else {
      context.observer().leaseCallFailed(failure);
      onOver.run();
    }
  }
}
