package dev.dueline.operation.queue;

import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.JobStore;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.QueueStore.Spread;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Makes dead jobs due again, in bounded steps, shard after shard. Each shard spreads its own jobs
 * evenly over the whole time, one shard a little behind the other.
 */
public final class Redrive {
  private final Queues queues;
  private final QueueStore store;

  Redrive(Queues queues, QueueStore store) {
    this.queues = queues;
    this.store = store;
  }

  /**
   * Redrives jobs; gives how many were. Fails with {@link QueueRefusedException} if there is no
   * such queue.
   *
   * @param ids distinct; those that are not dead are left out; empty: as many jobs as are dead now,
   *     the longest first: what dies again meanwhile is not chased
   * @param spreadMs over which time from now they fall due
   */
  public Uni<Long> jobs(QueueName queue, List<JobId> ids, long spreadMs) {
    return queues.with(
        queue,
        layout ->
            (ids.isEmpty() ? all(layout) : named(layout, ids))
                .chain(turns -> redrive(turns, spreadMs)));
  }

  /**
   * Jobs of one shard, which share a time.
   *
   * @param ids empty: those that are dead the longest
   */
  private record Turn(QueueLayout layout, Shard shard, List<JobId> ids, long count) {

    Stream<Step> steps() {
      return LongStream.iterate(0, from -> from < count, from -> from + JobStore.MAX_BATCH)
          .mapToObj(from -> new Step(this, from, Math.min(count, from + JobStore.MAX_BATCH)));
    }
  }

  /** One call: the jobs of a turn from one place to before another. */
  private record Step(Turn turn, long from, long to) {

    Spread over(long spreadMs) {
      double perJob = (double) spreadMs / turn.count;
      double behind = perJob * turn.shard.index() / turn.layout.shardCount();
      return new Spread((long) (behind + from * perJob), (long) (behind + to * perJob));
    }

    Uni<Integer> on(QueueStore store, long spreadMs) {
      return turn.ids.isEmpty()
          ? store.redrive(turn.shard, (int) (to - from), over(spreadMs))
          : store.redrive(turn.shard, turn.ids.subList((int) from, (int) to), over(spreadMs));
    }
  }

  private Uni<Long> redrive(List<Turn> turns, long spreadMs) {
    return Multi.createFrom()
        .items(turns.stream().flatMap(Turn::steps))
        .onItem()
        .transformToUniAndConcatenate(step -> step.on(store, spreadMs))
        .collect()
        .with(Collectors.summingLong(Integer::longValue));
  }

  private Uni<List<Turn>> all(QueueLayout layout) {
    return ShardCalls.each(
        layout.shards(),
        shard -> store.stats(shard).map(stats -> new Turn(layout, shard, List.of(), stats.dead())));
  }

  private static Uni<List<Turn>> named(QueueLayout layout, List<JobId> ids) {
    Map<Shard, List<JobId>> byShard = ids.stream().collect(Collectors.groupingBy(layout::shardOf));
    return Uni.createFrom()
        .item(
            byShard.entrySet().stream()
                .map(
                    each ->
                        new Turn(layout, each.getKey(), each.getValue(), each.getValue().size()))
                .toList());
  }
}
