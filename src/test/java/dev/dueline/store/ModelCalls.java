package dev.dueline.store;

import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.Shard;
import dev.dueline.store.due.Claim;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How transitions of the model are made: in a step, by its clock, on subscription. */
final class ModelCalls {
  private final LongSupplier nowUs;
  private final InMemoryJobStore.HeadListener listener;
  private final ModelShards shards;

  ModelCalls(LongSupplier nowUs, InMemoryJobStore.HeadListener listener, ModelShards shards) {
    this.nowUs = nowUs;
    this.listener = listener;
    this.shards = shards;
  }

  /** The clock, microseconds. */
  long nowUs() {
    return nowUs.getAsLong();
  }

  /** Announces the head of a shard. */
  @Nullable Void wake(Shard shard) {
    long head = shards.get(shard).head(JobState.PENDING);
    if (head != Claim.NONE) {
      listener.announced(shard.place(), head);
    }
    return null;
  }

  /** A transition that may end leases: pollers that wait for that, or for a new head, wake. */
  <T> Uni<T> freeing(Shard shard, BiFunction<ModelShard, Long, T> transition) {
    return call(
        shard,
        (jobs, now) -> {
          long before = jobs.head(JobState.PENDING);
          long leased = jobs.in(JobState.LEASED).count();
          T result = transition.apply(jobs, now);
          long ended = leased - jobs.in(JobState.LEASED).count();
          if (jobs.operations().isFreed(ended) || jobs.head(JobState.PENDING) < before) {
            wake(shard);
          }
          return result;
        });
  }

  /** Ends the run at a place of the list. */
  interface RunEnding {
    boolean end(ModelShard jobs, long nowUs, int place);
  }

  /** Ends the runs that are over, in a step of their own and later, as the store in Redis does. */
  Uni<List<Boolean>> ending(Shard shard, List<ModelRuns.Outcome> outcomes, RunEnding ending) {
    return freeing(
        shard,
        (jobs, now) -> {
          List<Boolean> results = new ArrayList<>();
          for (ModelRuns.Outcome outcome : outcomes) {
            results.add(
                outcome == ModelRuns.Outcome.OVER
                    ? ending.end(jobs, now + 1_000, results.size())
                    : outcome == ModelRuns.Outcome.DONE);
          }
          return results;
        });
  }

  /** A transition by the clock. */
  <T> Uni<T> call(Shard shard, BiFunction<ModelShard, Long, T> transition) {
    return Uni.createFrom().item(() -> transition.apply(shards.required(shard), nowUs.getAsLong()));
  }

  /** A transition that may give a new head: pollers wake. */
  <T> Uni<T> announcing(Shard shard, BiFunction<ModelShard, Long, T> transition) {
    return call(
        shard,
        (jobs, now) -> {
          long before = jobs.head(JobState.PENDING);
          T result = transition.apply(jobs, now);
          long after = jobs.head(JobState.PENDING);
          if (after < before) {
            listener.announced(shard.place(), after);
          }
          return result;
        });
  }

  /** What becomes of one item. */
  interface Transition<A, B> {
    B of(ModelShard jobs, long nowUs, A item);
  }

  /** A transition of each item, but of those whose jobs are over. */
  static <A, B> BiFunction<ModelShard, Long, List<Optional<B>>> unlessOver(
      List<A> items, Function<A, JobId> id, Transition<A, B> transition) {
    return (jobs, now) ->
        each(
            items,
            item ->
                jobs.isOver(id.apply(item), now / 1000)
                    ? Optional.empty()
                    : Optional.of(transition.of(jobs, now, item)));
  }

  /** A transition of each item. */
  static <A, B> List<B> each(List<A> items, Function<A, B> transition) {
    return items.stream().map(transition).toList();
  }
}
