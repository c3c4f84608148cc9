package dev.dueline.operation.queue;

import dev.dueline.job.JobState;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.JobStore;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.ShardStats;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Deletes the jobs of a queue in one state. */
public final class Purge {
  private final Queues queues;
  private final QueueStore store;

  Purge(Queues queues, QueueStore store) {
    this.queues = queues;
    this.store = store;
  }

  /**
   * How far a purge has come.
   *
   * @param purged jobs that are deleted
   * @param remaining jobs that are still to be
   */
  public record Progress(long purged, long remaining) {}

  /**
   * Deletes as many jobs as there are when it begins, a bounded step at a time, shard after shard;
   * what comes in meanwhile is not chased. Gives its progress after each step, and ends with the
   * last one; canceling it ends it after the step under way. Fails with {@link
   * QueueRefusedException} if there is no such queue.
   *
   * @param state pending or dead
   */
  public Multi<Progress> jobs(QueueName queue, JobState state) {
    return queues
        .with(
            queue,
            layout ->
                ShardCalls.each(layout.shards(), store::stats)
                    .map(stats -> new Run(layout, stats, state)))
        .onItem()
        .transformToMulti(
            run ->
                Multi.createBy()
                    .repeating()
                    .uni(run::step)
                    .whilst(progress -> progress.remaining > 0));
  }

  /** One purge under way; its steps are made one after the other. */
  private final class Run {
    private final JobState state;
    private final Deque<Part> parts = new ArrayDeque<>();
    private long purged;

    Run(QueueLayout layout, List<ShardStats> stats, JobState state) {
      this.state = state;
      for (int i = 0; i < stats.size(); i++) {
        ShardStats counted = stats.get(i);
        long count = state == JobState.DEAD ? counted.dead() : counted.pending();
        if (count > 0) {
          parts.add(new Part(layout.shards().get(i), count));
        }
      }
    }

    Uni<Progress> step() {
      Part part = parts.poll();
      if (part == null) {
        return Uni.createFrom().item(progress());
      }
      int most = (int) Math.min(JobStore.MAX_BATCH, part.remaining);
      return store
          .purge(part.shard, state, most)
          .map(
              step -> {
                purged += step.deleted();
                long remaining = Math.min(part.remaining - step.deleted(), step.left());
                if (step.deleted() > 0 && remaining > 0) {
                  parts.addFirst(new Part(part.shard, remaining));
                }
                return progress();
              });
    }

    private Progress progress() {
      return new Progress(purged, parts.stream().mapToLong(Part::remaining).sum());
    }
  }

  /** A shard, and how many of its jobs are still to be deleted. */
  private record Part(Shard shard, long remaining) {}
}
