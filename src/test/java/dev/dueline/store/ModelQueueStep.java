package dev.dueline.store;

import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.QueueLimits;
import dev.dueline.store.due.Fed;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.QueueStore.Spread;
import dev.dueline.store.queue.RedisStreamTarget;
import dev.dueline.store.queue.ShardStats;
import java.util.List;

/** A step of those who run queues. */
sealed interface ModelQueueStep extends ModelStep {

  /** The store loses something, as by a FLUSHALL, or deletes a queue that is idle. */
  record Lose(ModelSide.Loss loss) implements ModelQueueStep {
    @Override
    public String on(ModelSide side) {
      return side.lose(loss) ? "lost" : "kept";
    }
  }

  /** Holds deliveries back, or lets them go on. */
  record Pause(boolean isPaused) implements ModelQueueStep {
    @Override
    public String on(ModelSide side) {
      side.await(side.operations().pause(side.shard(), isPaused));
      return "done";
    }
  }

  /** Sets limits. */
  record Limit(QueueLimits.Change change) implements ModelQueueStep {
    @Override
    public String on(ModelSide side) {
      side.await(side.operations().limit(side.shard(), change, change.limits()));
      return "done";
    }
  }

  /** Counts. */
  record Stats() implements ModelQueueStep {
    @Override
    public String on(ModelSide side) {
      ShardStats stats = side.await(side.operations().stats(side.shard()));
      return "%s %s %s, dropped %d, pending %d, due %d, leased %d, dead %d, next %s, %s"
          .formatted(
              stats.isPaused(),
              stats.limits(),
              stats.stream(),
              stats.droppedDead(),
              stats.pending(),
              stats.due(),
              stats.leased(),
              stats.dead(),
              ModelSide.cell(stats.nextDueMs()),
              stats.totals());
    }
  }

  /** Chooses how due jobs leave; 0: to watchers. */
  record Deliver(int maxLength) implements ModelQueueStep {
    @Override
    public String on(ModelSide side) {
      RedisStreamTarget target =
          maxLength == 0 ? null : new RedisStreamTarget("workers", maxLength);
      return side.await(side.streams().deliver(side.shard(), target)) ? "done" : "jobs are leased";
    }
  }

  /** Moves due jobs to the stream. */
  record Feed(int most) implements ModelQueueStep {
    @Override
    public String on(ModelSide side) {
      Fed fed = side.await(side.streams().feed(side.shard(), most));
      return "%s %s, next %s, expiry %s, dropped %d, moved %s, stream %s"
          .formatted(
              fed.destination(),
              fed.hold(),
              ModelSide.cell(fed.nextMs()),
              ModelSide.cell(fed.nextExpiryMs()),
              fed.dropped(),
              fed.dueMs().stream().map(ModelSide::cell).toList(),
              side.entries());
    }
  }

  /** Counts between times. */
  record Count(JobState state, List<Long> boundariesMs) implements ModelQueueStep {
    @Override
    public String on(ModelSide side) {
      return side.await(side.operations().count(side.shard(), state, boundariesMs)).toString();
    }
  }

  /** Deletes jobs. */
  record Purge(JobState state, int most) implements ModelQueueStep {
    @Override
    public String on(ModelSide side) {
      return side.await(side.operations().purge(side.shard(), state, most)).toString();
    }
  }

  /** Makes dead jobs due: those that are named, or the first. */
  record Redrive(List<JobId> ids, int most, Spread spread) implements ModelQueueStep {
    @Override
    public String on(ModelSide side) {
      QueueStore store = side.operations();
      return "redriven "
          + side.await(
              ids.isEmpty()
                  ? store.redrive(side.shard(), most, spread)
                  : store.redrive(side.shard(), ids, spread));
    }
  }
}
