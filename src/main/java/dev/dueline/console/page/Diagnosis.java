package dev.dueline.console.page;

import dev.dueline.console.live.Samples.Sample;
import dev.dueline.console.text.Spans;
import dev.dueline.console.text.Urls;
import dev.dueline.console.view.Problem;
import dev.dueline.job.QueueLimits;
import dev.dueline.operation.queue.QueueView;
import dev.dueline.store.queue.ShardStats;
import dev.dueline.store.queue.ShardStats.Totals;
import java.util.ArrayList;
import java.util.List;

/** Says what is wrong with a queue, by how it stands and how it stood a round earlier. */
final class Diagnosis {
  /** A due job that waits no longer is on its way, ms. */
  private static final long ON_ITS_WAY_MS = 5_000;

  /** Less than between two rounds: nothing is to be told from what did not happen in it. */
  private static final long MIN_SPAN_MS = 1_000;

  private final QueueView now;
  private final QueueView before;
  private final String queue;
  private final String href;
  private final long spanMs;
  private final long stillMs;
  private final long diedLately;

  Diagnosis(Sample sample) {
    this.now = sample.view();
    this.before = sample.before();
    this.spanMs = sample.spanMs();
    this.stillMs = sample.stillMs();
    this.diedLately = sample.diedLately();
    this.queue = now.layout().queue().value();
    this.href = Urls.of("/queue", "queue", queue);
  }

  /** All that is wrong, the worst first. */
  List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    long due = now.sum(ShardStats::due);
    if (due > 0 && overdueMs() > ON_ITS_WAY_MS) {
      problems.add(stuck(due));
    }
    QueueLimits limits = now.limits();
    long pending = now.sum(ShardStats::pending);
    if (limits.maxPending() > 0 && pending >= limits.maxPending()) {
      problems.add(
          severe(
              "It is full: %d jobs are pending, as many as may, and new ones are refused."
                  .formatted(pending),
              "Find out why they are not done, or raise the limit of pending jobs."));
    }
    if (diedLately > 0) {
      problems.add(
          new Problem(
              false,
              queue,
              "%d jobs died in the last 5 minutes, %d are dead."
                  .formatted(diedLately, now.sum(ShardStats::dead)),
              "See by which failures; redrive them once the cause is fixed.",
              Urls.of("/dead", "queue", queue)));
    }
    if (now.isPaused() && problems.isEmpty()) {
      problems.add(
          new Problem(false, queue, "It is paused.", "Resume it when its jobs may go on.", href));
    }
    return problems;
  }

  /** How long the job that is due the longest has waited, ms. */
  long overdueMs() {
    return now.shards().stream()
        .filter(shard -> shard.due() > 0)
        .mapToLong(shard -> shard.nowMs() - shard.nextDueMs())
        .max()
        .orElse(0);
  }

  /** Why due jobs wait; what is certain comes first. */
  private Problem stuck(long due) {
    String jobs = "%d jobs are due, the oldest for %s".formatted(due, Spans.text(overdueMs()));
    long leased = now.sum(ShardStats::leased);
    QueueLimits limits = now.limits();
    if (now.isPaused()) {
      return severe(jobs + ", and it is paused.", "Resume it.");
    }
    if (now.target() != null) {
      return severe(
          jobs + ", and its Redis Streams take no more.",
          "Look whether consumers acknowledge and delete entries, and at the streams' length.");
    }
    if (watchers(now) == 0) {
      return severe(jobs + ", and nobody watches it.", "Start its workers: dueline watch " + queue);
    }
    if (limits.maxOutstanding() > 0 && leased >= limits.maxOutstanding()) {
      return severe(
          jobs + ", and as many are out as the limit of leases allows (%d).".formatted(leased),
          "See whether its watchers settle jobs, or raise the limit.");
    }
    return spanMs < MIN_SPAN_MS
        ? new Problem(
            false, queue, jobs + ".", "Whether it moves is known after the next look.", href)
        : moving(jobs);
  }

  /** Why due jobs wait that nothing else holds back: by what was delivered between two looks. */
  private Problem moving(String jobs) {
    if (now.total(Totals::dispatched) > before.total(Totals::dispatched) || mayRest()) {
      boolean isLimited = now.limits().dispatchesPerSecond() > 0;
      return new Problem(
          false,
          queue,
          jobs
              + (isLimited
                  ? ", held back by the limit of its rate."
                  : ", and more fall due than its watchers take."),
          isLimited ? "Raise the rate, or wait." : "Start more workers, or give them more credit.",
          href);
    }
    return severe(
        jobs
            + (watchers(now) == 1
                ? ", and its one watcher takes none"
                : ", and its watchers take none")
            + ": %d are leased.".formatted(now.sum(ShardStats::leased)),
        "See which watchers last acted when, and restart those that hang.");
  }

  /** Whether the rate allows that nothing was delivered for so long. */
  private boolean mayRest() {
    double rate = now.limits().dispatchesPerSecond();
    // Each shard has an even part of it, and all that is due may be in one.
    return rate > 0 && stillMs <= now.shards().size() * 1_000.0 / rate + MIN_SPAN_MS;
  }

  private Problem severe(String what, String remedy) {
    return new Problem(true, queue, what, remedy, href);
  }

  static int watchers(QueueView view) {
    return (int) view.sum(ShardStats::watchers);
  }
}
