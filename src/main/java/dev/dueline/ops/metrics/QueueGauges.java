package dev.dueline.ops.metrics;

import dev.dueline.delivery.watch.Watchers;
import dev.dueline.job.QueueName;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the queues hold, counted in the background in rounds. Each round counts all queues that have
 * a label, and goes on from where the last one ended through all others, see {@link OtherQueues}.
 */
@Singleton
final class QueueGauges {
  private static final Duration START = Duration.ofMillis(250);

  private final QueueCounts counts;
  private final OtherQueues others;
  private final Watchers watchers;
  private final QueueLabels labels;
  private final MetricsConfig config;
  private final DroppedDeadJobs dropped;
  private final IncompleteRounds gaps;
  private final MultiGauge jobs;
  private final MultiGauge ahead;
  private final MultiGauge overdue;
  private final MultiGauge watching;
  private final MultiGauge credit;

  QueueGauges(
      QueueCounts counts,
      OtherQueues others,
      Watchers watchers,
      QueueLabels labels,
      MetricsConfig config,
      MeterRegistry registry) {
    this.counts = counts;
    this.others = others;
    this.watchers = watchers;
    this.labels = labels;
    this.config = config;
    this.dropped = new DroppedDeadJobs(registry);
    this.gaps = new IncompleteRounds(registry);
    this.jobs =
        gauge(registry, "dueline.jobs", "Jobs of a queue by state; those that are due are pending");
    this.ahead =
        gauge(registry, "dueline.jobs.ahead", "Pending jobs that are due by the end of a window");
    this.overdue =
        MultiGauge.builder("dueline.oldest.overdue")
            .baseUnit("seconds")
            .description("How long the job that is due the longest has waited")
            .register(registry);
    this.watching =
        gauge(registry, "dueline.watchers", "Streams of watchers, and pulls that wait, here");
    this.credit =
        gauge(registry, "dueline.credit", "Jobs that the watchers connected here take now");
  }

  private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
    return MultiGauge.builder(name).description(description).register(registry);
  }

  void started(@Observes StartupEvent event) {
    if (!config.interval().isZero()) {
      after(START);
    }
  }

  private void after(Duration delay) {
    Uni.createFrom()
        .voidItem()
        .onItem()
        .delayIt()
        .by(delay)
        .chain(this::round)
        .subscribe()
        .with(done -> after(config.interval()), away -> after(config.interval()));
  }

  /** What cannot be counted is missing on the page, and keeps back nothing else. */
  private Uni<Void> round() {
    return watchers
        .census()
        .invoke(
            all -> {
              all.keySet().forEach(labels::present);
              publishCensus(all);
            })
        .chain(() -> counts.of(labels.queues()))
        .invoke(labeled -> notePresent(labeled.held()))
        .chain(
            labeled ->
                others
                    .goOn(labels)
                    .onFailure()
                    .invoke(
                        failure -> {
                          gaps.failed(failure);
                          others.forgetTotal();
                        })
                    .onFailure()
                    .recoverWithItem(failure -> new QueueCounts.Counted())
                    .invoke(labeled::add)
                    .replaceWith(labeled))
        .invoke(
            counted -> {
              publish(counted.held());
              gaps.over(counted.failed());
            })
        .replaceWithVoid();
  }

  private void notePresent(Map<QueueName, HeldJobs> held) {
    held.forEach(
        (queue, each) -> {
          if (!each.isEmpty()) {
            labels.present(queue);
          }
        });
  }

  private void publish(Map<QueueName, HeldJobs> all) {
    Map<String, HeldJobs> byLabel = new TreeMap<>();
    Set<String> known = new HashSet<>(Set.of(QueueLabels.OTHER));
    all.forEach(
        (queue, held) -> {
          String label = labels.of(queue);
          dropped.counted(queue, label, held.droppedDead());
          if (!label.equals(QueueLabels.OTHER)) {
            byLabel.put(label, held);
            known.add(label);
          }
        });
    dropped.keep(known);
    others.total().ifPresent(total -> byLabel.put(QueueLabels.OTHER, total));
    publishLabels(byLabel);
  }

  private void publishLabels(Map<String, HeldJobs> all) {
    List<Row<?>> rows = new ArrayList<>();
    List<Row<?>> ages = new ArrayList<>();
    List<Row<?>> coming = new ArrayList<>();
    all.forEach(
        (label, queue) -> {
          rows.add(row(label, "pending", queue.pending()));
          rows.add(row(label, "due", queue.due()));
          rows.add(row(label, "leased", queue.leased()));
          rows.add(row(label, "dead", queue.dead()));
          ages.add(Row.of(Tags.of("queue", label), queue.overdueMs() / 1_000.0));
          queue
              .ahead()
              .forEach(
                  (window, count) ->
                      coming.add(Row.of(Tags.of("queue", label, "window", window), count)));
        });
    ahead.register(coming, true);
    jobs.register(rows, true);
    overdue.register(ages, true);
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
