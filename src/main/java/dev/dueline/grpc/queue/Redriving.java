package dev.dueline.grpc.queue;

import dev.dueline.grpc.message.Times;
import dev.dueline.job.JobId;
import dev.dueline.job.Shard;
import dev.dueline.store.JobStore;
import dev.dueline.store.QueueLayout;
import dev.dueline.store.QueueStore;
import dev.dueline.store.QueueStore.Spread;
import dev.dueline.v1.RedriveDeadJobsRequest;
import dev.dueline.v1.RedriveDeadJobsResponse;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * RedriveDeadJobs: bounded steps, shard after shard. Each shard spreads its own jobs evenly over
 * the whole time, one shard a little behind the other.
 */
final class Redriving {
  private final QueueChecks checks;
  private final Queues queues;
  private final QueueStore store;

  Redriving(QueueChecks checks, Queues queues, QueueStore store) {
    this.checks = checks;
    this.queues = queues;
    this.store = store;
  }

  Uni<RedriveDeadJobsResponse> redrive(RedriveDeadJobsRequest request) {
    checks.redrive(request);
    long spreadMs = request.hasSpread() ? Times.roundUpToMs(request.getSpread()) : 0;
    List<JobId> ids = request.getJobIdsList().stream().distinct().map(JobId::new).toList();
    return queues
        .named(request.getQueue())
        .chain(layout -> ids.isEmpty() ? all(layout) : named(layout, ids))
        .chain(turns -> redrive(turns, spreadMs))
        .map(count -> RedriveDeadJobsResponse.newBuilder().setRedrivenJobs(count).build());
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

  /** As many as are dead now: what dies again meanwhile is not chased. */
  private Uni<List<Turn>> all(QueueLayout layout) {
    return Multi.createFrom()
        .iterable(layout.shards())
        .onItem()
        .transformToUniAndConcatenate(
            shard ->
                store.stats(shard).map(stats -> new Turn(layout, shard, List.of(), stats.dead())))
        .collect()
        .asList();
  }

  private static Uni<List<Turn>> named(QueueLayout layout, List<JobId> ids) {
    Map<Shard, List<JobId>> byShard = ids.stream().collect(Collectors.groupingBy(layout::shardOf));
    return Uni.createFrom()
        .item(
            byShard.entrySet().stream()
                .map(each -> turn(layout, each.getKey(), each.getValue()))
                .toList());
  }

  private static Turn turn(QueueLayout layout, Shard shard, List<JobId> ids) {
    return new Turn(layout, shard, ids, ids.size());
  }
}
