package dev.dueline.console.page;

import dev.dueline.console.live.ReplicaFacts.Lateness;
import dev.dueline.console.live.Samples.Sample;
import dev.dueline.console.text.Moment;
import dev.dueline.console.text.Spans;
import dev.dueline.console.text.Urls;
import dev.dueline.console.view.JobRow;
import dev.dueline.console.view.OverviewView;
import dev.dueline.console.view.QueueRow;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.operation.queue.QueueView;
import dev.dueline.store.due.Claim;
import dev.dueline.store.queue.ShardStats;
import dev.dueline.store.queue.ShardStats.Totals;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Queues and jobs, a line each. */
final class Rows {
  private static final double SECOND_MS = 1_000;

  private Rows() {}

  /** A queue, with its rate between the two looks of the sample. */
  static QueueRow of(Sample sample, @Nullable Lateness lateness) {
    QueueView view = sample.view();
    String queue = view.layout().queue().value();
    long nowMs = view.shards().get(0).nowMs();
    long due = view.sum(ShardStats::due);
    long nextMs = view.nextDueMs();
    Moment next = nextMs == Claim.NONE ? null : Moment.of(nextMs, nowMs);
    return new QueueRow(
        queue,
        Urls.of("/queue", "queue", queue),
        view.sum(ShardStats::pending),
        due,
        view.sum(ShardStats::leased),
        view.sum(ShardStats::dead),
        Diagnosis.watchers(view),
        view.isPaused(),
        view.target() != null,
        due > 0 ? next : null,
        due > 0 ? null : next,
        rate(sample),
        lateness == null ? null : bound(lateness.halfMs()),
        lateness == null ? null : bound(lateness.mostMs()));
  }

  private static String bound(long ms) {
    return ms == Long.MAX_VALUE ? "> 1 h" : "≤ " + Spans.text(ms);
  }

  private static @Nullable String rate(Sample sample) {
    return sample.spanMs() == 0 ? null : text(perSecond(sample));
  }

  private static double perSecond(Sample sample) {
    long delivered =
        sample.view().total(Totals::dispatched) - sample.before().total(Totals::dispatched);
    return Math.max(0, delivered * SECOND_MS / sample.spanMs());
  }

  private static String text(double rate) {
    return rate == 0 || rate >= 10
        ? Long.toString(Math.round(rate))
        : String.format(Locale.ROOT, "%.1f", rate);
  }

  /** All queues together. */
  static OverviewView.Totals totals(List<Sample> samples) {
    List<Sample> twice = samples.stream().filter(sample -> sample.spanMs() > 0).toList();
    return new OverviewView.Totals(
        samples.size(),
        sum(samples, ShardStats::pending),
        sum(samples, ShardStats::due),
        sum(samples, ShardStats::leased),
        sum(samples, ShardStats::dead),
        twice.isEmpty() ? null : text(twice.stream().mapToDouble(Rows::perSecond).sum()));
  }

  private static long sum(List<Sample> samples, ToLongFunction<ShardStats> number) {
    return samples.stream().mapToLong(sample -> sample.view().sum(number)).sum();
  }

  /** A job. */
  static JobRow of(String queue, JobView view, long nowMs) {
    String id = view.job().id().value();
    return new JobRow(
        id,
        Urls.of("/job", "queue", queue, "id", id),
        word(view.state()),
        Moment.of(view.dueMs(), nowMs),
        Moment.of(view.stateMs(), nowMs),
        view.failedAttempts(),
        view.failures().last(),
        view.job().series() != null);
  }

  static String word(JobState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
