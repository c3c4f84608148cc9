package dev.dueline.store;

import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.Shard;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.ShardStats;
import dev.dueline.store.queue.Upcoming;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;

/** What operators do with the queues of a store in memory. */
abstract class InMemoryQueueStore implements QueueStore {
  /** How transitions are made. */
  abstract ModelCalls calls();

  /** How what is over ends. */
  abstract ModelExpiry expiry();

  @Override
  public Uni<Void> pause(Shard shard, boolean isPaused) {
    return calls()
        .call(
            shard,
            (jobs, now) -> {
              jobs.operations().pause(isPaused);
              return isPaused ? null : calls().wake(shard);
            });
  }

  @Override
  public Uni<Void> limit(Shard shard, QueueLimits.Change whole, QueueLimits share) {
    return calls()
        .call(
            shard,
            (jobs, now) -> {
              jobs.operations().limit(whole, share);
              return calls().wake(shard);
            });
  }

  @Override
  public Uni<ShardStats> stats(Shard shard) {
    return calls()
        .call(shard, (jobs, now) -> jobs.nextEnd() <= now / 1000)
        .chain(isOver -> isOver ? expiry().endAll(shard) : Uni.createFrom().voidItem())
        .chain(() -> calls().call(shard, (jobs, now) -> jobs.operations().stats(now)));
  }

  @Override
  public Uni<List<Long>> count(Shard shard, JobState state, List<Long> boundariesMs) {
    return expiry()
        .endAll(shard)
        .chain(
            () -> calls().call(shard, (jobs, now) -> jobs.operations().count(state, boundariesMs)));
  }

  @Override
  public Uni<Purged> purge(Shard shard, JobState state, int most) {
    return expiry()
        .endAll(shard)
        .chain(() -> calls().call(shard, (jobs, now) -> jobs.operations().purge(state, most)));
  }

  @Override
  public Uni<Integer> redrive(Shard shard, int most, Spread spread) {
    return expiry()
        .endAll(shard)
        .chain(
            () ->
                calls()
                    .announcing(
                        shard, (jobs, now) -> jobs.operations().redrive(most, spread, now)));
  }

  @Override
  public Uni<Integer> redrive(Shard shard, List<JobId> ids, Spread spread) {
    return expiry()
        .endAll(shard)
        .chain(
            () ->
                calls()
                    .announcing(shard, (jobs, now) -> jobs.operations().redrive(ids, spread, now)));
  }

  @Override
  public Uni<Void> present(Shard shard, long replica, int watchers, Duration holdsFor) {
    return calls()
        .call(
            shard,
            (jobs, now) -> {
              jobs.operations().present(replica, watchers);
              return null;
            });
  }

  @Override
  public Uni<List<Long>> watching(Shard shard) {
    return calls().call(shard, (jobs, now) -> jobs.operations().watching());
  }

  @Override
  public Uni<Upcoming> next(Shard shard) {
    return calls().call(shard, (jobs, now) -> jobs.operations().next(now));
  }
}
