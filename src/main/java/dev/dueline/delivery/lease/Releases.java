package dev.dueline.delivery.lease;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.delivery.time.Backoff;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.due.Release;
import dev.dueline.store.failure.StoreUnavailableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The jobs of one watcher that are on their way back to the store: sent again while it cannot be
 * reached, until their leases have run out anyway or the loop ends; the lease ids make a repeat
 * harmless. On the loop.
 */
public final class Releases {
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(20);
  private static final Duration MAX_BACKOFF = Duration.ofMillis(500);

  private final Duration longest;
  private final Leases leases;
  private final DeliveryContext context;
  private final Runnable onOver;
  private int underWay;

  /**
   * None is.
   *
   * @param longest how long the leases may last
   * @param onOver called once some are back, or will come back by themselves
   */
  public Releases(Duration longest, Leases leases, DeliveryContext context, Runnable onOver) {
    this.longest = longest;
    this.leases = leases;
    this.context = context;
    this.onOver = onOver;
  }

  /** Gives back jobs that reached nobody: uncounted. */
  public void undelivered(List<Delivery> deliveries) {
    Map<LeaseToken, Release> releases = new HashMap<>();
    for (Delivery delivery : deliveries) {
      releases.put(delivery.token(), Release.undelivered(delivery.token().lease()));
    }
    send(releases);
  }

  /** Ends leases, each in its way. */
  public void send(Map<LeaseToken, Release> releases) {
    if (!releases.isEmpty()) {
      underWay++;
      new Batch(releases).send();
    }
  }

  /** Whether any is. */
  public boolean areUnderWay() {
    return underWay > 0;
  }

  private void over() {
    underWay--;
    onOver.run();
  }

  /** Those that are sent together. */
  private final class Batch {
    private final Map<LeaseToken, Release> releases;
    private final Alarm alarm = new Alarm(context.loop());
    private final Backoff backoff = new Backoff(FIRST_BACKOFF, MAX_BACKOFF, context::jittered);
    private final long untilNanos = context.loop().nanoTime() + longest.toNanos();

    Batch(Map<LeaseToken, Release> releases) {
      this.releases = releases;
    }

    void send() {
      context.call(leases.release(releases), done -> over(), this::failed);
    }

    private void failed(Throwable failure) {
      Duration wait = backoff.next();
      boolean isInTime = context.loop().nanoTime() + wait.toNanos() - untilNanos < 0;
      if (failure instanceof StoreUnavailableException && isInTime) {
        alarm.set(wait, this::send);
      } else {
        context.observer().leaseCallFailed(failure);
        over();
      }
    }
  }
}
