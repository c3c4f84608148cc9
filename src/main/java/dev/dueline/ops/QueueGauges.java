package dev.dueline.ops;

import dev.dueline.delivery.Watchers;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.QueueDirectory;
import dev.dueline.store.QueueStore;
import dev.dueline.store.ShardStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the queues hold, counted in the background: a few shards at a time, so that neither a scrape
 * nor Redis waits for ten thousand of them.
 */
@Singleton
final class QueueGauges {
  /** Shards asked for in one go, and the pause until the next ones: about 1 % of Redis's time. */
  private static final int STEP = 50;

  private static final Duration PAUSE = Duration.ofMillis(250);

  /** The names of so many are read at once; those beyond are not counted. */
  private static final int MOST_QUEUES = 100_000;

  /** Shards asked at the same time. */
  private static final int CONCURRENT_CALLS = 16;

  private final QueueDirectory directory;
  private final QueueStore store;
  private final Watchers watchers;
  private final QueueLabels labels;
  private final MetricsConfig config;
  private final MeterRegistry registry;
  private final MultiGauge jobs;
  private final MultiGauge overdue;
  private final MultiGauge watching;
  private final MultiGauge credit;
  private final Map<String, AtomicLong> droppedDead = new ConcurrentHashMap<>();

  QueueGauges(
      QueueDirectory directory,
      QueueStore store,
      Watchers watchers,
      QueueLabels labels,
      MetricsConfig config,
      MeterRegistry registry) {
    this.directory = directory;
    this.store = store;
    this.watchers = watchers;
    this.labels = labels;
    this.config = config;
    this.registry = registry;
    this.jobs = gauge("dueline.jobs", "Jobs of a queue by state; those that are due are pending");
    this.overdue =
        MultiGauge.builder("dueline.oldest.overdue")
            .baseUnit("seconds")
            .description("How long the job that is due the longest has waited")
            .register(registry);
    this.watching = gauge("dueline.watchers", "Streams of watchers connected here");
    this.credit = gauge("dueline.credit", "Jobs that the watchers connected here take now");
  }

  private MultiGauge gauge(String name, String description) {
    return MultiGauge.builder(name).description(description).register(registry);
  }

  /** What is known of the queues that share a label. */
  private static final class Held {
    private long pending;
    private long due;
    private long leased;
    private long dead;
    private long droppedDead;
    private long overdueMs;

    void add(ShardStats shard) {
      pending += shard.pending();
      due += shard.due();
      leased += shard.leased();
      dead += shard.dead();
      droppedDead += shard.droppedDead();
      overdueMs = shard.due() == 0 ? overdueMs : Math.max(overdueMs, age(shard));
    }

    private static long age(ShardStats shard) {
      return shard.nowMs() - shard.nextDueMs();
    }
  }

  void started(@Observes StartupEvent event) {
    if (!config.interval().isZero()) {
      after(PAUSE, this::begin);
    }
  }

  private void begin() {
    directory
        .list("", "", MOST_QUEUES)
        .map(layouts -> layouts.stream().flatMap(layout -> layout.shards().stream()).toList())
        .subscribe()
        .with(
            shards -> count(shards, 0, new TreeMap<>()),
            away -> after(config.interval(), this::begin));
  }

  /** Goes on from a shard; each step is a callback of its own, so that no chain grows. */
  private void count(List<Shard> shards, int from, Map<String, Held> held) {
    if (from >= shards.size()) {
      publish(held);
      watchers.census().subscribe().with(this::publishCensus);
      after(config.interval(), this::begin);
      return;
    }
    int to = Math.min(from + STEP, shards.size());
    List<Uni<ShardStats>> calls = new ArrayList<>();
    for (Shard shard : shards.subList(from, to)) {
      Held queue = held.computeIfAbsent(labels.of(shard.queue()), label -> new Held());
      calls.add(store.stats(shard).invoke(queue::add));
    }
    Uni.join()
        .all(calls)
        .usingConcurrencyOf(CONCURRENT_CALLS)
        .andFailFast()
        .subscribe()
        .with(
            done ->
                after(
                    to == shards.size() ? Duration.ofMillis(1) : PAUSE,
                    () -> count(shards, to, held)),
            away -> after(config.interval(), this::begin));
  }

  private static void after(Duration delay, Runnable task) {
    Uni.createFrom().voidItem().onItem().delayIt().by(delay).subscribe().with(done -> task.run());
  }

  private void publish(Map<String, Held> all) {
    List<Row<?>> counts = new ArrayList<>();
    List<Row<?>> ages = new ArrayList<>();
    all.forEach(
        (label, queue) -> {
          counts.add(row(label, "pending", queue.pending));
          counts.add(row(label, "due", queue.due));
          counts.add(row(label, "leased", queue.leased));
          counts.add(row(label, "dead", queue.dead));
          ages.add(Row.of(Tags.of("queue", label), queue.overdueMs / 1_000.0));
          droppedDead.computeIfAbsent(label, this::droppedDead).set(queue.droppedDead);
        });
    jobs.register(counts, true);
    overdue.register(ages, true);
  }

  private AtomicLong droppedDead(String label) {
    AtomicLong dropped = new AtomicLong();
    FunctionCounter.builder("dueline.dead.dropped", dropped, AtomicLong::get)
        .description("Dead jobs that were too many or too old, since the queue came to be")
        .tag("queue", label)
        .register(registry);
    return dropped;
  }

  private void publishCensus(Map<QueueName, Watchers.Census> all) {
    Map<String, Watchers.Census> byLabel = new HashMap<>();
    all.forEach(
        (queue, census) ->
            byLabel.merge(
                labels.of(queue),
                census,
                (a, b) ->
                    new Watchers.Census(a.watchers() + b.watchers(), a.credit() + b.credit())));
    List<Row<?>> streams = new ArrayList<>();
    List<Row<?>> credits = new ArrayList<>();
    byLabel.forEach(
        (label, census) -> {
          streams.add(Row.of(Tags.of("queue", label), census.watchers()));
          credits.add(Row.of(Tags.of("queue", label), census.credit()));
        });
    watching.register(streams, true);
    credit.register(credits, true);
  }

  private static Row<?> row(String label, String state, long count) {
    return Row.of(Tags.of("queue", label, "state", state), count);
  }
}
