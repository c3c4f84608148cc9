package dev.dueline.operation.clock;

import dev.dueline.delivery.watch.Demand;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.call.Deadline;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Waits, in real time, until delivery has done what there is to do at one moment of the clock: what
 * is over is ended, what is due and wanted is delivered, and what was delivered since is
 * acknowledged, given back or refused. Of one Advance; blocks.
 */
final class Quiescence {
  /** Between two looks, of which the second must find the same. */
  private static final long PAUSE_MS = 5;

  /** So long somebody who pulls may take to come again, and a feed to see that a job is due. */
  private static final Duration RETURN = Duration.ofMillis(100);

  private final Lookout lookout;
  private final Duration limit;
  private final Deadline deadline;

  /** Shards whose due jobs nobody took in time: not waited for again. */
  private final Set<Shard> stuck = new HashSet<>();

  /** Queues that somebody pulled from meanwhile. */
  private final Set<QueueName> pulled = new HashSet<>();

  /**
   * None yet.
   *
   * @param limit of each wait
   * @param deadline of them all
   */
  Quiescence(Lookout lookout, Duration limit, Deadline deadline) {
    this.lookout = lookout;
    this.limit = limit;
    this.deadline = deadline;
  }

  /** The first time: also those jobs are waited for that watchers had before. */
  Snapshot first(long nowMs) {
    return settle(held -> isSince(held, nowMs), true);
  }

  /** The same where the clock was moved to, of jobs that were delivered since a time before. */
  Snapshot since(long ms) {
    return settle(held -> isSince(held, ms), false);
  }

  /** Fences are made of the time, so they say when a job was delivered. */
  private static boolean isSince(Snapshot.Held held, long ms) {
    return held.id().fence() >= ms * 1_000;
  }

  private Snapshot settle(Predicate<Snapshot.Held> isNew, boolean includingConnected) {
    long begunNanos = System.nanoTime();
    long changedNanos = begunNanos;
    Snapshot last = null;
    while (true) {
      Snapshot snapshot = lookout.look();
      notePulls(snapshot.demand());
      long now = System.nanoTime();
      boolean isSame = last != null && last.shards().equals(snapshot.shards());
      changedNanos = isSame ? changedNanos : now;
      boolean isOver = lookout.endOver(snapshot);
      Predicate<Snapshot.Held> isAwaited =
          includingConnected ? isNew.or(held -> snapshot.demand().isConnected(held.id())) : isNew;
      boolean isOut = snapshot.held().anyMatch(isAwaited);
      List<Shard> untaken = untaken(snapshot, now - changedNanos);
      boolean isSettled = !isOver && !isOut && untaken.isEmpty();
      if (isSettled && (isSame || snapshot.due().isEmpty() && last == null)) {
        return snapshot;
      }
      if (!isSettled && (now - begunNanos >= limit.toNanos() || deadline.isPassed())) {
        stuck.addAll(untaken);
        return snapshot;
      }
      last = snapshot;
      pause();
    }
  }

  private void notePulls(Demand demand) {
    demand
        .queues()
        .forEach(
            (name, queue) -> {
              if (queue.hasPull()) {
                pulled.add(name);
              }
            });
  }

  /** Where jobs are due that somebody is to take yet. */
  private List<Shard> untaken(Snapshot snapshot, long calmNanos) {
    Stream<Shard> mayBeTaken =
        calmNanos < RETURN.toNanos()
            ? snapshot.due().stream().filter(shard -> isBusy(snapshot, shard))
            : Stream.empty();
    return Stream.concat(snapshot.taken().stream(), mayBeTaken)
        .distinct()
        .filter(shard -> !stuck.contains(shard))
        .toList();
  }

  private boolean isBusy(Snapshot snapshot, Shard shard) {
    return pulled.contains(shard.queue())
        || snapshot.shards().getOrDefault(shard, Lookout.NOTHING).isToRedisStream();
  }

  static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the service ends", e);
    }
  }
}
