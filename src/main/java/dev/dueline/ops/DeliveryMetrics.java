package dev.dueline.ops;

import dev.dueline.delivery.DeliveryObserver;
import dev.dueline.delivery.WakeSource;
import dev.dueline.job.Delivery;
import dev.dueline.job.Shard;
import dev.dueline.store.Claim;
import dev.dueline.store.Damage;
import dev.dueline.store.Fed;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/** Turns what delivery does into metrics, and into one log line for each change of state. */
@Singleton
final class DeliveryMetrics implements DeliveryObserver {
  private static final Logger LOG = Logger.getLogger("dev.dueline.delivery");

  private final MeterRegistry registry;
  private final Counter dispatched;
  private final Counter dropped;
  private final Counter expiredLeases;
  private final Counter backstopFinds;
  private final Timer lateness;
  private final AtomicInteger watchers;

  /** Of the event loop only. */
  private final Set<Shard> failing = new HashSet<>();

  DeliveryMetrics(MeterRegistry registry) {
    this.registry = registry;
    dispatched = registry.counter("dueline.jobs.dispatched");
    dropped = registry.counter("dueline.jobs.expired");
    expiredLeases = registry.counter("dueline.leases.expired");
    backstopFinds = registry.counter("dueline.backstop.found.overdue");
    lateness = registry.timer("dueline.lateness");
    watchers = registry.gauge("dueline.watchers", new AtomicInteger());
  }

  @Override
  public void claimed(Shard shard, WakeSource source, Claim claim) {
    registry
        .counter("dueline.claims", "source", source.name().toLowerCase(Locale.ROOT))
        .increment();
    dispatched.increment(claim.deliveries().size());
    dropped.increment(claim.dropped());
    for (Delivery delivery : claim.deliveries()) {
      if (delivery.attempt() == 1) {
        lateness.record(Duration.ofMillis(delivery.dispatchMs() - delivery.dueMs()));
      }
    }
  }

  @Override
  public void fed(Shard shard, WakeSource source, Fed fed) {
    registry.counter("dueline.feeds", "source", source.name().toLowerCase(Locale.ROOT)).increment();
    dispatched.increment(fed.dueMs().size());
    dropped.increment(fed.dropped());
    fed.dueMs().forEach(due -> lateness.record(Duration.ofMillis(fed.nowUs() / 1_000 - due)));
  }

  @Override
  public void streamFull(Shard shard, boolean isFull) {
    if (isFull) {
      LOG.warnf(
          "The stream of %s is full, so its due jobs wait: consumers must XDEL what they XACK",
          shard);
    } else {
      LOG.infof("All due jobs of %s went to its stream", shard);
    }
  }

  @Override
  public void backstopFoundOverdue(Shard shard, int jobs) {
    backstopFinds.increment(jobs);
    LOG.warnf("%d jobs of %s were late: their announcement was lost", jobs, shard);
  }

  @Override
  public void leasesExpired(Shard shard, int leases) {
    expiredLeases.increment(leases);
  }

  /** One line for all shards: the first tells why. */
  @Override
  public void storeFailed(Shard shard, Throwable failure) {
    if (failing.isEmpty()) {
      LOG.warnf(
          "Redis does not answer for %s, so its jobs wait, and maybe those of other shards: %s",
          shard, failure.getMessage());
    }
    failing.add(shard);
  }

  @Override
  public void storeRecovered(Shard shard) {
    if (failing.remove(shard) && failing.isEmpty()) {
      LOG.infof("Redis answers for all shards again, %s was the last", shard);
    }
  }

  @Override
  public void leaseCallFailed(Throwable failure) {
    LOG.debugf("leases could not be given back, and will run out: %s", failure.getMessage());
  }

  @Override
  public void mended(Shard shard, Map<Damage, Integer> mended) {
    mended.forEach(
        (damage, count) ->
            registry
                .counter("dueline.sweep.mended", "kind", damage.name().toLowerCase(Locale.ROOT))
                .increment(count));
  }

  @Override
  public void swept(Shard shard, Map<Damage, Integer> mended) {
    LOG.warnf("A sweep of %s mended what did not fit together: %s", shard, mended);
  }

  @Override
  public void watchersConnected(int count) {
    watchers.set(count);
  }
}
