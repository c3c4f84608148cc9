package dev.dueline.store;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.LeaseRef;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.Shard;
import dev.dueline.job.recurrence.RunEnd;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.call.Extension;
import dev.dueline.store.call.JobPage;
import dev.dueline.store.call.ListQuery;
import dev.dueline.store.call.Rescheduled;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.ClaimedLeases;
import dev.dueline.store.due.ExpiredLeases;
import dev.dueline.store.due.LeasedJob;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Slots;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.RedisStreamStore;
import dev.dueline.store.queue.ShardStats;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory: small, obvious and deterministic, trusted because it keeps the same {@link
 * JobStoreContract} as the store in Redis and agrees with it step by step. Each Uni does its work
 * when it is subscribed, on the subscriber's thread. Not thread-safe.
 */
public final class InMemoryJobStore implements JobStore, QueueStore {
  private final ModelShards shards;
  private final RedisStreamStore streams = new InMemoryRedisStreamStore(this);
  private final LongSupplier nowUs;
  private final HeadListener listener;

  /** Hears when a job that is due then became the head of a shard: the announcements. */
  public interface HeadListener {
    void announced(Shard shard, long dueMs);
  }

  /**
   * An empty store.
   *
   * @param nowUs the store's clock, microseconds
   */
  public InMemoryJobStore(LongSupplier nowUs, HeadListener listener) {
    this(nowUs, listener, Integer.MAX_VALUE, Duration.ofMinutes(10));
  }

  /** An empty store that keeps so many dead jobs of each shard, and knows requests for so long. */
  InMemoryJobStore(LongSupplier nowUs, HeadListener listener, int mostDead, Duration window) {
    this.nowUs = nowUs;
    this.listener = listener;
    this.shards = new ModelShards(mostDead, window.toMillis());
  }

  /** One shard, for those who look behind the port. */
  ModelShard shard(Shard shard) {
    return shards.get(shard);
  }

  void lose() {
    shards.lose();
  }

  @Override
  public Uni<List<Scheduled>> schedule(Shard shard, List<ScheduleItem> items) {
    if (items.stream().allMatch(item -> item.deadline().isPassed())) {
      return Uni.createFrom().item(items.stream().map(item -> Scheduled.TOO_LATE).toList());
    }
    return announcing(
        shards.made(shard), (jobs, now) -> each(items, item -> jobs.schedule(item, now)));
  }

  @Override
  public Uni<List<Canceled>> cancel(Shard shard, List<CancelItem> items) {
    return freeing(shard, (jobs, now) -> each(items, item -> jobs.cancel(item, now / 1000)));
  }

  @Override
  public Uni<Rescheduled> reschedule(Shard shard, JobId id, Due due) {
    return announcing(shard, (jobs, now) -> jobs.reschedule(id, due, now));
  }

  @Override
  public Uni<Optional<JobView>> read(Shard shard, JobId id) {
    return call(shard, (jobs, now) -> Optional.ofNullable(jobs.job(id)).map(j -> j.view(true)));
  }

  @Override
  public Uni<JobPage> list(Shard shard, ListQuery query) {
    return call(shard, (jobs, now) -> jobs.list(query));
  }

  @Override
  public Uni<Long> nowMs(Shard shard) {
    return Uni.createFrom().item(() -> nowUs.getAsLong() / 1_000);
  }

  @Override
  public Uni<Claim> claim(Shard shard, Slots slots) {
    return call(shards.made(shard), (jobs, now) -> jobs.claim(slots, now));
  }

  @Override
  public Uni<List<Boolean>> ack(Shard shard, List<LeaseRef> leases) {
    return freeing(shard, (jobs, now) -> each(leases, lease -> jobs.ack(lease, now / 1000)))
        .chain(
            outcomes ->
                ending(
                    shard,
                    outcomes,
                    (jobs, now, i) ->
                        jobs.end(leases.get(i), RunEnd.COMPLETED, false, "", now / 1000)));
  }

  @Override
  public Uni<List<Boolean>> release(Shard shard, List<Release> releases, boolean includingExpired) {
    return freeing(
            shard,
            (jobs, now) -> each(releases, release -> jobs.release(release, includingExpired, now)))
        .chain(
            outcomes ->
                ending(shard, outcomes, (jobs, now, i) -> jobs.end(releases.get(i), now / 1000)));
  }

  @Override
  public Uni<List<Long>> extend(Shard shard, List<Extension> extensions) {
    return call(shard, (jobs, now) -> each(extensions, item -> jobs.extend(item, now / 1000)));
  }

  @Override
  public Uni<ExpiredLeases> expired(Shard shard, int most) {
    return call(shard, (jobs, now) -> jobs.expired(most, now));
  }

  @Override
  public Uni<List<Optional<LeasedJob>>> leased(Shard shard, List<LeaseRef> leases) {
    return call(
        shard,
        (jobs, now) -> each(leases, lease -> Optional.ofNullable(jobs.leased(lease, now / 1000))));
  }

  @Override
  public Uni<ClaimedLeases> claimed(Shard shard, List<Long> nonces, long before) {
    return call(shard, (jobs, now) -> new ClaimedLeases(now, 0, jobs.claimed(nonces)));
  }

  @Override
  public Uni<SweepStep> sweep(Shard shard, SweepStep.Pace pace) {
    return call(
        shard, (jobs, now) -> jobs.swept(shards.sweep(shard).step(pace, now / 1000), now / 1000));
  }

  @Override
  public Uni<Void> pause(Shard shard, boolean isPaused) {
    return call(
        shard,
        (jobs, now) -> {
          jobs.operations().pause(isPaused);
          return isPaused ? null : wake(shard);
        });
  }

  @Override
  public Uni<Void> limit(Shard shard, QueueLimits.Change whole, QueueLimits share) {
    return call(
        shard,
        (jobs, now) -> {
          jobs.operations().limit(whole, share);
          return wake(shard);
        });
  }

  @Override
  public Uni<ShardStats> stats(Shard shard) {
    return call(shard, (jobs, now) -> jobs.operations().stats(now));
  }

  @Override
  public Uni<List<Long>> count(Shard shard, JobState state, List<Long> boundariesMs) {
    return call(shard, (jobs, now) -> jobs.operations().count(state, boundariesMs));
  }

  @Override
  public Uni<Purged> purge(Shard shard, JobState state, int most) {
    return call(shard, (jobs, now) -> jobs.operations().purge(state, most));
  }

  @Override
  public Uni<Integer> redrive(Shard shard, int most, Spread spread) {
    return announcing(shard, (jobs, now) -> jobs.operations().redrive(most, spread, now));
  }

  @Override
  public Uni<Integer> redrive(Shard shard, List<JobId> ids, Spread spread) {
    return announcing(shard, (jobs, now) -> jobs.operations().redrive(ids, spread, now));
  }

  @Override
  public Uni<Void> present(Shard shard, long replica, int watchers, Duration holdsFor) {
    return call(
        shard,
        (jobs, now) -> {
          jobs.operations().present(replica, watchers);
          return null;
        });
  }

  /** Streams of the same shards. */
  public RedisStreamStore streams() {
    return streams;
  }

  /** Consumers finish all that the stream of a shard holds. */
  public void consume(Shard shard) {
    shard(shard).stream().entries().clear();
  }

  /** What the stream of a shard holds. */
  public List<String> entries(Shard shard) {
    return shard(shard).stream().entries();
  }

  @Nullable Void wake(Shard shard) {
    long head = shard(shard).head(JobState.PENDING);
    if (head != Claim.NONE) {
      listener.announced(shard.place(), head);
    }
    return null;
  }

  /** A transition that may end leases: pollers that wait for that, or for a new head, wake. */
  private <T> Uni<T> freeing(Shard shard, BiFunction<ModelShard, Long, T> transition) {
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
  private interface RunEnding {
    boolean end(ModelShard jobs, long nowUs, int place);
  }

  /** Ends the runs that are over, in a step of their own and later, as the store in Redis does. */
  private Uni<List<Boolean>> ending(
      Shard shard, List<ModelRuns.Outcome> outcomes, RunEnding ending) {
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

  <T> Uni<T> call(Shard shard, BiFunction<ModelShard, Long, T> transition) {
    return Uni.createFrom().item(() -> transition.apply(shards.required(shard), nowUs.getAsLong()));
  }

  private <T> Uni<T> announcing(Shard shard, BiFunction<ModelShard, Long, T> transition) {
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

  private static <A, B> List<B> each(List<A> items, Function<A, B> transition) {
    return items.stream().map(transition).toList();
  }
}
