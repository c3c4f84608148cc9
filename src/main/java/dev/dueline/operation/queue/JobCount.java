package dev.dueline.operation.queue;

import dev.dueline.job.JobState;
import dev.dueline.job.QueueName;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.queue.QueueStore;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.stream.IntStream;

/** Counts the jobs of a queue between times. */
public final class JobCount {
  private final Queues queues;
  private final QueueStore store;

  JobCount(Queues queues, QueueStore store) {
    this.queues = queues;
    this.store = store;
  }

  /**
   * Counts the jobs in one state as {@link QueueStore#count} does, of all shards together. Fails
   * with {@link QueueRefusedException} if there is no such queue.
   *
   * @param boundariesMs each later than the one before
   */
  public Uni<List<Long>> between(QueueName queue, JobState state, List<Long> boundariesMs) {
    return queues.with(
        queue,
        layout ->
            ShardCalls.each(layout.shards(), shard -> store.count(shard, state, boundariesMs))
                .map(JobCount::sum));
  }

  private static List<Long> sum(List<List<Long>> shards) {
    return IntStream.range(0, shards.get(0).size())
        .mapToObj(i -> shards.stream().mapToLong(counts -> counts.get(i)).sum())
        .toList();
  }
}
