package dev.dueline.ops.recent;

import dev.dueline.console.live.ReplicaFacts.ClockStep;
import dev.dueline.console.live.ReplicaFacts.Repairs;
import dev.dueline.job.QueueName;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What happened to the store in the last hour, as far as this replica saw it. Thread-safe. */
@Singleton
public final class RecentIncidents {
  private static final long KEPT_MS = Duration.ofHours(1).toMillis();

  /** Steps of clocks: more would tell nobody more. */
  private static final int MAX_STEPS = 100;

  /** Repairs, which are summed when they are read; about 50 KB. */
  private static final int MAX_REPAIRS = 1_000;

  private final InstantSource clock;

  // The latest first.
  private final Deque<ClockStep> steps = new ArrayDeque<>();

  // The latest last, each by itself: they grow old one after the other.
  private final Deque<Repairs> repairs = new ArrayDeque<>();

  RecentIncidents(InstantSource clock) {
    this.clock = clock;
  }

  /** A server's clock was set. */
  public synchronized void clockStepped(String server, Duration by) {
    if (steps.size() == MAX_STEPS) {
      steps.removeLast();
    }
    steps.addFirst(new ClockStep(clock.millis(), server, by));
  }

  /** A step of a sweep repaired so many inconsistencies; none: it is no incident. */
  public synchronized void repaired(QueueName queue, long count) {
    if (count == 0) {
      return;
    }
    if (repairs.size() == MAX_REPAIRS) {
      repairs.removeFirst();
    }
    repairs.addLast(new Repairs(queue.value(), clock.millis(), count));
  }

  /** The latest first. */
  public synchronized List<ClockStep> clockSteps() {
    forgetOld();
    return List.copyOf(steps);
  }

  /** Of each queue that a sweep repaired something in; the one repaired last is at the end. */
  public synchronized List<Repairs> repairs() {
    forgetOld();
    Map<String, Repairs> byQueue = new LinkedHashMap<>();
    for (Repairs each : repairs) {
      Repairs before = byQueue.remove(each.queue());
      long count = each.count() + (before == null ? 0 : before.count());
      byQueue.put(each.queue(), new Repairs(each.queue(), each.atMs(), count));
    }
    return List.copyOf(byQueue.values());
  }

  private void forgetOld() {
    long sinceMs = clock.millis() - KEPT_MS;
    steps.removeIf(step -> step.atMs() < sinceMs);
    repairs.removeIf(each -> each.atMs() < sinceMs);
  }
}
