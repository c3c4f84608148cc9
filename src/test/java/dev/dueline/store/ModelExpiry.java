package dev.dueline.store;

import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.call.JobPage.Position;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.ExpiredLeases;
import dev.dueline.store.due.Release;
import io.smallrye.mutiny.Uni;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Ends what time ends by itself in the model, at the calls that meet it, as the store in Redis. */
final class ModelExpiry {
  /** By how much the second claim or feed of a call comes later: about as in the store in Redis. */
  static final long LATER_US = 200_000;

  private final InMemoryJobStore store;
  private final ModelCalls calls;
  private final Supplier<Uni<Void>> pause;
  private Consumer<List<LeaseToken>> ranOut = leases -> {};

  /** One whose leases are ended a while after they were found to be over. */
  ModelExpiry(InMemoryJobStore store, ModelCalls calls, Supplier<Uni<Void>> pause) {
    this.store = store;
    this.calls = calls;
    this.pause = pause;
  }

  /** What was over when it was looked for; what could wait no longer is gone. */
  private record Over(ExpiredLeases expired, List<Release> releases) {}

  /** Has somebody hear of leases that ran out before they are ended. */
  void onRanOut(Consumer<List<LeaseToken>> listener) {
    ranOut = listener;
  }

  /** Ends those that were over first. */
  Uni<ExpiredLeases> end(Shard shard, int most) {
    return end(
        shard,
        (jobs, now) -> jobs.waits().filter(job -> job.isOver(now)).limit(most),
        (jobs, now) -> jobs.in(JobState.LEASED).filter(job -> job.isOver(now)).limit(most));
  }

  /** Ends all that is over. */
  Uni<ExpiredLeases> endAll(Shard shard) {
    return end(shard, JobStore.MAX_BATCH)
        .chain(ended -> ended.mayHaveMore() ? endAll(shard) : Uni.createFrom().item(ended));
  }

  /** Ends what is over of these jobs. */
  Uni<ExpiredLeases> end(Shard shard, List<JobId> ids) {
    return end(
        shard,
        (jobs, now) -> named(jobs, ids, JobState.PENDING, now),
        (jobs, now) -> named(jobs, ids, JobState.LEASED, now));
  }

  private interface Choice {
    Stream<ModelJob> of(ModelShard jobs, long nowMs);
  }

  private static Stream<ModelJob> named(
      ModelShard jobs, List<JobId> ids, JobState state, long nowMs) {
    return ids.stream()
        .map(jobs::job)
        .filter(Objects::nonNull)
        .filter(job -> job.state == state && job.isOver(nowMs));
  }

  private Uni<ExpiredLeases> end(Shard shard, Choice waits, Choice leases) {
    return calls
        .call(shard, (jobs, now) -> look(jobs, waits, leases, now))
        .invoke(over -> ranOut.accept(tokens(shard, over.expired.leases())))
        .call(
            over ->
                over.releases.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : pause.get().chain(() -> store.release(shard, over.releases, true)))
        .map(Over::expired);
  }

  private static List<LeaseToken> tokens(Shard shard, List<LeaseRef> leases) {
    return leases.stream().map(lease -> new LeaseToken(shard, lease)).toList();
  }

  private static Over look(ModelShard jobs, Choice waits, Choice leases, long nowUs) {
    jobs.leases().shorten(nowUs);
    jobs.dropDead(true, nowUs / 1_000);
    List<ModelJob> late = waits.of(jobs, nowUs / 1_000).toList();
    late.forEach(job -> jobs.drop(job, nowUs));
    List<ModelJob> over = leases.of(jobs, nowUs / 1_000).toList();
    long next =
        Stream.concat(
                jobs.in(JobState.LEASED).filter(job -> !over.contains(job)).map(job -> job.stateMs),
                jobs.waits().map(ModelJob::waitEndMs))
            .min(Comparator.naturalOrder())
            .orElse(Claim.NONE);
    List<LeaseRef> held =
        over.stream()
            .map(ModelExpiry::lease)
            .filter(lease -> !lease.leaseId().isNobodys())
            .toList();
    // What comes after a run that was late may be late, too.
    return new Over(
        new ExpiredLeases(
            nowUs, held.size() < over.size() ? nowUs / 1_000 : next, late.size(), held),
        over.stream().map(ModelExpiry::release).toList());
  }

  private static LeaseRef lease(ModelJob job) {
    return new LeaseRef(job.id(), Objects.requireNonNull(job.leaseId));
  }

  private static Release release(ModelJob job) {
    RetryPolicy policy = job.stored(false).effectiveRetryPolicy();
    return Release.failed(lease(job), job.failedAttempts, policy, "lease expired");
  }

  /** Makes a call of items, by how much later than the first of its step it is made, us. */
  interface Call<T, R> {
    Uni<List<Optional<R>>> of(List<T> items, long laterUs);
  }

  /** Makes a call for items, and again for those whose jobs were over, once these are ended. */
  <T, R> Uni<List<R>> each(Shard shard, List<T> items, Function<T, JobId> id, Call<T, R> call) {
    return eachUntilDone(shard, items, id, call, 0)
        .map(results -> results.stream().map(Optional::orElseThrow).toList());
  }

  private <T, R> Uni<List<Optional<R>>> eachUntilDone(
      Shard shard, List<T> items, Function<T, JobId> id, Call<T, R> call, long laterUs) {
    return call.of(items, laterUs)
        .chain(
            results ->
                PartialRepeat.of(
                    items,
                    results,
                    Optional::isEmpty,
                    rest ->
                        end(shard, rest.stream().map(id).distinct().toList())
                            .chain(
                                () -> eachUntilDone(shard, rest, id, call, laterUs + LATER_US))));
  }

  /** The order of those that wait within their ttl. */
  static Position waitPlace(ModelJob job) {
    return new Position(job.waitEndMs(), job.id());
  }
}
