package dev.dueline.store;

import dev.dueline.job.JobId;
import dev.dueline.job.Shard;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import io.smallrye.mutiny.Uni;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** How the model stores jobs: once more where a job that has the id, or fills the room, is over. */
final class ModelSchedule {
  private final ModelShards shards;
  private final ModelCalls calls;
  private final ModelExpiry expiry;

  ModelSchedule(ModelShards shards, ModelCalls calls, ModelExpiry expiry) {
    this.shards = shards;
    this.calls = calls;
    this.expiry = expiry;
  }

  Uni<List<Scheduled>> schedule(Shard shard, List<ScheduleItem> items) {
    if (items.stream().allMatch(item -> item.deadline().isPassed())) {
      return Uni.createFrom().item(items.stream().map(item -> Scheduled.TOO_LATE).toList());
    }
    return store(shards.made(shard), items, 0)
        .chain(
            results ->
                results.stream().anyMatch(ModelSchedule::isFull)
                    ? storeBeyond(shard, items, results)
                    : Uni.createFrom().item(results));
  }

  private Uni<List<Scheduled>> store(Shard shard, List<ScheduleItem> items, long firstUs) {
    Function<ScheduleItem, JobId> id = item -> item.job().id();
    return expiry.each(
        shard,
        items,
        id,
        (part, laterUs) -> {
          // What this very call has stored is not over yet.
          Set<JobId> fresh = new HashSet<>();
          return calls.announcing(
              shard,
              (jobs, now) ->
                  ModelCalls.each(
                      part,
                      item -> {
                        Optional<Scheduled> stored =
                            jobs.schedule(
                                item, fresh.contains(id.apply(item)), now + firstUs + laterUs);
                        stored
                            .filter(ModelSchedule::isStored)
                            .ifPresent(s -> fresh.add(id.apply(item)));
                        return stored;
                      }));
        });
  }

  private static boolean isStored(Scheduled scheduled) {
    return scheduled.outcome() == Scheduled.Outcome.CREATED
        || scheduled.outcome() == Scheduled.Outcome.REPLACED;
  }

  private Uni<List<Scheduled>> storeBeyond(
      Shard shard, List<ScheduleItem> items, List<Scheduled> results) {
    return expiry
        .end(shard, JobStore.MAX_BATCH)
        .chain(
            ended ->
                ended.isAny()
                    ? PartialRepeat.of(
                        items,
                        results,
                        ModelSchedule::isFull,
                        part -> store(shard, part, ModelExpiry.LATER_US))
                    : Uni.createFrom().item(results));
  }

  private static boolean isFull(Scheduled scheduled) {
    return scheduled.outcome() == Scheduled.Outcome.QUEUE_FULL;
  }
}
