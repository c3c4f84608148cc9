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

  /** Of each kind: more would tell nobody more. */
  private static final int MOST = 100;

  private final InstantSource clock;
  private final Deque<ClockStep> steps = new ArrayDeque<>();

  /** By queue, the one that was repaired last at the end. */
  private final Map<QueueName, Repairs> repairs = new LinkedHashMap<>();

  RecentIncidents(InstantSource clock) {
    this.clock = clock;
  }

  /** A server's clock was set. */
  public synchronized void clockStepped(String server, Duration by) {
    if (steps.size() == MOST) {
      steps.removeLast();
    }
    steps.addFirst(new ClockStep(clock.millis(), server, by));
  }

  /** A step of a sweep repaired so many inconsistencies. */
  public synchronized void repaired(QueueName queue, long count) {
    forgetOld();
    Repairs before = repairs.remove(queue);
    if (repairs.size() == MOST) {
      repairs.remove(repairs.keySet().iterator().next());
    }
    long all = count + (before == null ? 0 : before.count());
    repairs.put(queue, new Repairs(queue.value(), clock.millis(), all));
  }

  /** The latest first. */
  public synchronized List<ClockStep> clockSteps() {
    forgetOld();
    return List.copyOf(steps);
  }

  /** Of each queue that a sweep repaired something in. */
  public synchronized List<Repairs> repairs() {
    forgetOld();
    return List.copyOf(repairs.values());
  }

  private void forgetOld() {
    long sinceMs = clock.millis() - KEPT_MS;
    steps.removeIf(step -> step.atMs() < sinceMs);
    repairs.values().removeIf(each -> each.atMs() < sinceMs);
  }
}
