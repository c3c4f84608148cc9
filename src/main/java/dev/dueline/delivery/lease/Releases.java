package dev.dueline.delivery.lease;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.due.Release;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The jobs of one watcher that are on their way back to the store. On the loop. */
public final class Releases {
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
      new ReleaseRetry(releases, longest, leases, context, this::over).send();
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
}
