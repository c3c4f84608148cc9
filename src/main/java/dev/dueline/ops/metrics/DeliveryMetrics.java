package dev.dueline.ops.metrics;

import dev.dueline.delivery.context.DeliveryObserver;
import dev.dueline.delivery.context.RedisStreamState;
import dev.dueline.delivery.context.WakeSource;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.ops.recent.RecentIncidents;
import dev.dueline.ops.traces.DeliverySpans;
import dev.dueline.store.Inconsistency;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.Fed;
import dev.dueline.store.failure.StoreRefusesException;
import dev.dueline.store.redis.failure.RedisFailures;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jboss.logging.Logger;

/** Turns what delivery does into metrics, spans, and one log line for each change of state. */
@Singleton
public final class DeliveryMetrics implements DeliveryObserver {
  private static final Logger LOG = Logger.getLogger("dev.dueline.delivery");

  /** A step of the clock that somebody should look into; servers' clocks differ by less. */
  private static final Duration LARGE_STEP = Duration.ofMinutes(1);

  private final QueueLabels labels;
  private final DeliverySpans spans;
  private final RecentIncidents incidents;
  private final Map<WakeSource, Counter> claims = new EnumMap<>(WakeSource.class);
  private final Map<Inconsistency, Counter> repairs = new EnumMap<>(Inconsistency.class);
  private final Counter backstopFinds;
  private final Counter idleQueues;
  private final Counter clockStepsForward;
  private final Counter clockStepsBack;
  private final DistributionSummary claimedJobs;
  private final InstantSource clock;
  private volatile double clockOffsetSeconds = Double.NaN;

  /** Of the event loop only. */
  private final Set<Shard> failing = new HashSet<>();

  private boolean isSaidFailing;

  DeliveryMetrics(
      MeterRegistry registry,
      QueueLabels labels,
      DeliverySpans spans,
      RecentIncidents incidents,
      InstantSource clock) {
    this.labels = labels;
    this.spans = spans;
    this.incidents = incidents;
    this.clock = clock;
    for (WakeSource source : WakeSource.values()) {
      String name = source.name().toLowerCase(Locale.ROOT);
      claims.put(source, registry.counter("dueline.claims", "source", name));
    }
    for (Inconsistency inconsistency : Inconsistency.values()) {
      String kind = inconsistency.name().toLowerCase(Locale.ROOT);
      repairs.put(inconsistency, registry.counter("dueline.sweep.repaired", "kind", kind));
    }
    backstopFinds = registry.counter("dueline.backstop.found.overdue");
    idleQueues = registry.counter("dueline.idle.queues.deleted");
    clockStepsForward = registry.counter("dueline.clock.steps", "direction", "forward");
    clockStepsBack = registry.counter("dueline.clock.steps", "direction", "back");
    claimedJobs =
        DistributionSummary.builder("dueline.claim.jobs")
            .description("Jobs that a claim brought, of those that brought any")
            .serviceLevelObjectives(1, 4, 16, 64)
            .register(registry);
    Gauge.builder("dueline.clock.offset", () -> clockOffsetSeconds)
        .baseUnit("seconds")
        .description("How far the clock of Redis is ahead of this replica's, by its last reply")
        .register(registry);
  }

  private void asked(WakeSource source, long storeNowUs) {
    Objects.requireNonNull(claims.get(source)).increment();
    clockOffsetSeconds = storeNowUs / 1e6 - clock.millis() / 1e3;
  }

  @Override
  public void claimed(Shard shard, WakeSource source, Claim claim) {
    asked(source, claim.nowUs());
    labels.used(shard.queue(), claim.deliveries().size());
    labels.meters(shard.queue()).leased(claim.deliveries(), claim.dropped());
    if (!claim.deliveries().isEmpty()) {
      claimedJobs.record(claim.deliveries().size());
    }
  }

  @Override
  public void written(Delivery job, long latenessNanos) {
    labels.meters(job.token().shard().queue()).written(job, latenessNanos);
    spans.written(job, latenessNanos);
  }

  @Override
  public void fed(Shard shard, WakeSource source, Fed fed) {
    asked(source, fed.nowUs());
    labels.used(shard.queue(), fed.dueMs().size());
    labels.meters(shard.queue()).fed(fed.dueMs(), fed.nowUs() / 1_000, fed.dropped());
    if (!fed.dueMs().isEmpty()) {
      claimedJobs.record(fed.dueMs().size());
    }
  }

  @Override
  public void redisStreamChanged(Shard shard, RedisStreamState before, RedisStreamState now) {
    labels.redisStreamChanged(shard.queue(), before, now);
    if (now == RedisStreamState.FULL) {
      LOG.warnf(
          "The stream of %s is full, so its due jobs wait: consumers must XDEL what they XACK",
          shard);
    } else if (before == RedisStreamState.FULL) {
      LOG.infof("The stream of %s is not full any longer", shard);
    }
  }

  @Override
  public void backstopFoundOverdue(Shard shard, int jobs) {
    backstopFinds.increment(jobs);
    LOG.warnf("%d jobs of %s were late: their announcement was lost", jobs, shard);
  }

  @Override
  public void storeClockStepped(long replica, String server, Duration by) {
    if (by.abs().compareTo(LARGE_STEP) <= 0) {
      return;
    }
    (by.isNegative() ? clockStepsBack : clockStepsForward).increment();
    incidents.clockStepped(server, by);
    LOG.warnf(
        "Replica %x: the clock of Redis at %s was set %s by about %d s; jobs are due by the clock"
            + " that is now",
        replica, server, by.isNegative() ? "back" : "forward", by.abs().toSeconds());
  }

  @Override
  public void idleQueueDeleted(QueueName queue) {
    idleQueues.increment();
    LOG.debugf("Queue %s had not been used for dueline.queues.idle-ttl, and is deleted", queue);
  }

  @Override
  public void leasesLost(QueueName queue, int leases) {
    labels.meters(queue).leasesLost(leases);
  }

  /** That Redis refuses, the store says. */
  @Override
  public void housekeepingFailed(Throwable failure) {
    if (!(failure instanceof StoreRefusesException)) {
      LOG.warnf(
          "Queues that nobody watches are not looked after: %s", RedisFailures.reason(failure));
    }
  }

  @Override
  public void housekeepingRecovered() {
    LOG.info("Queues that nobody watches are looked after again");
  }

  /** One line for all shards: the first tells why. That Redis refuses, the store says. */
  @Override
  public void storeFailed(Shard shard, Throwable failure) {
    if (!isSaidFailing && !(failure instanceof StoreRefusesException)) {
      isSaidFailing = true;
      LOG.warnf(
          "Redis does not answer for %s, so its jobs wait, and maybe those of other shards: %s",
          shard, RedisFailures.reason(failure));
    }
    failing.add(shard);
  }

  @Override
  public void storeRecovered(Shard shard) {
    if (failing.remove(shard) && failing.isEmpty() && isSaidFailing) {
      isSaidFailing = false;
      LOG.infof("Redis answers for all shards again, %s was the last", shard);
    }
  }

  @Override
  public void leaseCallFailed(Throwable failure) {
    LOG.debugf(
        "leases could not be given back, and will run out: %s", RedisFailures.reason(failure));
  }

  @Override
  public void repaired(Shard shard, Map<Inconsistency, Integer> repaired) {
    repaired.forEach((kind, count) -> Objects.requireNonNull(repairs.get(kind)).increment(count));
    incidents.repaired(
        shard.queue(), repaired.values().stream().mapToLong(Integer::longValue).sum());
  }

  @Override
  public void swept(Shard shard, Map<Inconsistency, Integer> repaired) {
    LOG.warnf("A sweep of %s repaired what did not fit together: %s", shard, repaired);
  }
}
