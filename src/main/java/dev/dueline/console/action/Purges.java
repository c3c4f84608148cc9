package dev.dueline.console.action;

import dev.dueline.console.http.Caller;
import dev.dueline.console.http.RefusedException;
import dev.dueline.console.view.QueueDetails.PurgeProgress;
import dev.dueline.job.JobState;
import dev.dueline.job.QueueName;
import dev.dueline.operation.queue.Purge;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Purges that were begun here: a few at once, and how the last of them ended. They go on when their
 * page is left, and not when this replica ends. Any thread.
 */
public final class Purges {
  private static final int MAX_UNDER_WAY = 4;
  private static final int MAX_REMEMBERED = 100;

  private final Purge purge;
  private final Map<QueueName, PurgeProgress> byQueue = new LinkedHashMap<>();

  /** None was begun. */
  public Purges(Purge purge) {
    this.purge = purge;
  }

  /** How far the last purge of a queue is; empty: none is known. */
  public synchronized Optional<PurgeProgress> find(QueueName queue) {
    return Optional.ofNullable(byQueue.get(queue));
  }

  /** Begins a purge of pending or dead jobs, for somebody. */
  void begin(Caller caller, QueueName queue, JobState state) {
    String word = state.name().toLowerCase(Locale.ROOT);
    synchronized (this) {
      PurgeProgress known = byQueue.get(queue);
      long underWay = byQueue.values().stream().filter(each -> !each.isOver()).count();
      if ((known != null && !known.isOver()) || underWay >= MAX_UNDER_WAY) {
        throw new RefusedException(
            409,
            known != null && !known.isOver()
                ? "A purge of this queue is under way."
                : "Too many purges are under way here.",
            "Wait until it is over.");
      }
      forgetOldest();
      byQueue.put(queue, new PurgeProgress(word, 0, 0, false, ""));
    }
    ActionLog.write(caller, queue, "began to purge " + word + " jobs");
    var unused =
        purge
            .jobs(queue, state)
            .subscribe()
            .with(
                step ->
                    put(queue, new PurgeProgress(word, step.purged(), step.remaining(), false, "")),
                failure -> over(caller, queue, "It ended early: Redis did not answer."),
                () -> over(caller, queue, ""));
  }

  private synchronized void put(QueueName queue, PurgeProgress progress) {
    byQueue.put(queue, progress);
  }

  private synchronized void over(Caller caller, QueueName queue, String failure) {
    PurgeProgress last = byQueue.get(queue);
    if (last != null) {
      byQueue.put(
          queue, new PurgeProgress(last.state(), last.purged(), last.remaining(), true, failure));
      String what = "purged " + last.purged() + " " + last.state() + " jobs";
      ActionLog.write(
          caller, queue, failure.isEmpty() ? what : what + " and not all (" + failure + ")");
    }
  }

  private void forgetOldest() {
    if (byQueue.size() >= MAX_REMEMBERED) {
      byQueue.entrySet().stream()
          .filter(each -> each.getValue().isOver())
          .map(Map.Entry::getKey)
          .findFirst()
          .ifPresent(byQueue::remove);
    }
  }
}
