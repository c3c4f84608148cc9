package dev.dueline.operation.scaling;

import dev.dueline.job.JobState;
import dev.dueline.job.Shard;
import dev.dueline.store.due.Claim;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.ShardStats;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Counts the pending jobs of a shard by how soon they are due. Thread-safe. */
public final class JobsAhead {
  private final QueueStore store;

  public JobsAhead(QueueStore store) {
    this.store = store;
  }

  /**
   * How many are due by the end of each window, which begins now; those that are due already are
   * among them. The store is asked only where the answer does not follow from the stats.
   *
   * @param stats of the shard, of just now
   * @param windows each longer than the one before, at most {@link QueueStore#MAX_BOUNDARIES} - 1
   */
  public Uni<List<Long>> in(List<Duration> windows, Shard shard, ShardStats stats) {
    if (stats.pending() == stats.due() || isBehindAll(windows, stats)) {
      return Uni.createFrom().item(Collections.nCopies(windows.size(), stats.due()));
    }
    List<Long> boundaries = new ArrayList<>();
    boundaries.add(stats.nowMs() + 1);
    windows.forEach(window -> boundaries.add(stats.nowMs() + window.toMillis() + 1));
    return store
        .count(shard, JobState.PENDING, boundaries)
        .map(
            counts -> {
              List<Long> ahead = new ArrayList<>();
              long sum = stats.due();
              for (long within : counts.subList(1, counts.size() - 1)) {
                sum += within;
                ahead.add(sum);
              }
              return ahead;
            });
  }

  private static boolean isBehindAll(List<Duration> windows, ShardStats stats) {
    long longestMs = windows.get(windows.size() - 1).toMillis();
    return stats.nextDueMs() == Claim.NONE || stats.nextDueMs() - stats.nowMs() > longestMs;
  }
}
