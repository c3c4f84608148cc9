package dev.dueline.store;

import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.QueueLimits;
import dev.dueline.store.QueueStore.Spread;
import java.util.List;

/** A step of those who run queues. */
sealed interface ModelQueueStep extends ModelStep {

  /** Holds deliveries back, or lets them go on. */
  record Pause(boolean isPaused) implements ModelQueueStep {
    @Override
    public String on(ModelSide side) {
      side.await(side.operations().pause(side.shard(), isPaused));
      return "done";
    }
  }

  /** Sets limits. */
  record Limit(QueueLimits limits) implements ModelQueueStep {
    @Override
    public String on(ModelSide side) {
      side.await(side.operations().limit(side.shard(), limits, limits));
      return "done";
    }
  }

  /** Counts. */
  record Stats() implements ModelQueueStep {
    @Override
    public String on(ModelSide side) {
      ShardStats stats = side.await(side.operations().stats(side.shard()));
      return "%s %s, pending %d, due %d, leased %d, dead %d, next %s, %s"
          .formatted(
              stats.isPaused(),
              stats.limits(),
              stats.pending(),
              stats.due(),
              stats.leased(),
              stats.dead(),
              ModelSide.cell(stats.nextDueMs()),
              stats.totals());
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
