package dev.dueline.store.redis;

import dev.dueline.job.JobId;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.JobStore;
import dev.dueline.store.PartialRepeat;
import dev.dueline.store.StoreObserver;
import dev.dueline.store.due.ExpiredLeases;
import dev.dueline.store.due.LeasedJob;
import dev.dueline.store.due.Release;
import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.script.lease.ExpiredCall;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Ends what time ends by itself, in bounded calls: leases that ran out, jobs that nobody had within
 * their ttl, dead jobs that are too old. The only place that does. A script that meets a job that
 * is over does nothing about it but say so; the job is ended here, and the script called again, so
 * that no call tells of a time that has passed.
 */
final class RedisExpiry {
  /** Jobs ended in one call, and most before a shard is counted or listed: 2,000. */
  private static final int MOST_BATCHES = 20;

  /** Leases at the front of a shard whose ids nobody can read: behind so many none is ended. */
  private static final int MOST_PASSED_BY = 2_000;

  /** More leases than a shard holds: a call that passes them by sees to all else. */
  private static final int ALL_LEASES = Integer.MAX_VALUE;

  /** More than a shard holds: a call ends also where jobs are over as fast as they are ended. */
  private static final int ALL_BATCHES = 100_000;

  /**
   * Calls for one item, each of which met it over once more: two or three runs of a job that recurs
   * may be late, one behind the other.
   */
  static final int MOST_CALLS = 5;

  private final ScriptRunner scripts;
  private final DeadJobs deadJobs;
  private final RedisRuns runs;
  private final StoreObserver observer;
  private volatile Consumer<List<LeaseToken>> ranOut = leases -> {};

  /**
   * Sends nothing yet.
   *
   * @param observer hears how much was ended
   */
  RedisExpiry(ScriptRunner scripts, DeadJobs deadJobs, RedisRuns runs, StoreObserver observer) {
    this.scripts = scripts;
    this.deadJobs = deadJobs;
    this.runs = runs;
    this.observer = observer;
  }

  /** Has somebody hear of leases that ran out before any is ended. */
  void onRanOut(Consumer<List<LeaseToken>> listener) {
    ranOut = listener;
  }

  /** Ends those that were over first. */
  Uni<ExpiredLeases> end(Shard shard, int most) {
    return end(shard, most, List.of());
  }

  /** Ends all that is over, up to a bound. */
  Uni<Void> endAll(Shard shard) {
    return endAll(shard, MOST_BATCHES);
  }

  /** Ends all that is over, for who deletes or moves jobs by their number. */
  Uni<Void> endEach(Shard shard) {
    return endAll(shard, ALL_BATCHES);
  }

  private Uni<Void> endAll(Shard shard, int batches) {
    return Multi.createBy()
        .repeating()
        .uni(() -> end(shard, JobStore.MAX_BATCH))
        .whilst(ExpiredLeases::mayHaveMore)
        .select()
        .first(batches)
        .onItem()
        .ignoreAsUni();
  }

  /** Ends what is over of these jobs. */
  private Uni<ExpiredLeases> end(Shard shard, List<JobId> ids) {
    return end(shard, 0, ids);
  }

  /** Ends all that is over, up to a bound, if Redis takes writes: if not, it still tells all. */
  Uni<Void> tryAll(Shard shard) {
    return tried(endAll(shard));
  }

  /** The same of one job. */
  Uni<Void> tryEnd(Shard shard, JobId id) {
    return tried(end(shard, List.of(id)));
  }

  private static Uni<Void> tried(Uni<?> end) {
    return end.replaceWithVoid().onFailure().recoverWithNull();
  }

  private Uni<ExpiredLeases> end(Shard shard, int most, List<JobId> ids) {
    return end(shard, most, 0, ids);
  }

  private Uni<ExpiredLeases> end(Shard shard, int most, int passedBy, List<JobId> ids) {
    long maxDeadAgeMs = deadJobs.longest().toMillis();
    return scripts
        .run(new ExpiredCall(shard, most, passedBy, deadJobs.mostJobs(), maxDeadAgeMs, ids))
        .invoke(expired -> ranOut.accept(tokens(shard, expired.leases())))
        .call(expired -> release(shard, expired))
        .chain(expired -> behindUnreadable(shard, most, passedBy, expired));
  }

  /**
   * Leases of ids that nobody can read stay, and keep none behind them from ending: where they are
   * half of what was looked at or more, the next ones are looked at, too.
   */
  private Uni<ExpiredLeases> behindUnreadable(
      Shard shard, int most, int passedBy, ExpiredCall.Expired expired) {
    ExpiredLeases ended = expired.ended();
    if (most == 0 || 2 * expired.unreadable() < most || !ended.mayHaveMore()) {
      return Uni.createFrom().item(ended);
    }
    int unreadable = passedBy + expired.unreadable();
    return end(shard, most, unreadable < MOST_PASSED_BY ? unreadable : ALL_LEASES, List.of())
        .map(next -> next.after(ended));
  }

  private static List<LeaseToken> tokens(Shard shard, List<LeaseRef> leases) {
    return leases.stream().map(lease -> new LeaseToken(shard, lease)).toList();
  }

  /** Who comes second, or finds that a lease was extended meanwhile, changes nothing. */
  private Uni<Void> release(Shard shard, ExpiredCall.Expired expired) {
    List<LeasedJob> jobs = expired.jobs();
    if (jobs.isEmpty()) {
      tell(shard, expired, List.of());
      return Uni.createFrom().voidItem();
    }
    return runs.release(shard, jobs.stream().map(RedisExpiry::failed).toList(), true)
        .invoke(ended -> tell(shard, expired, ended))
        .replaceWithVoid();
  }

  private static Release failed(LeasedJob job) {
    return Release.failed(job.lease(), job.failedAttempts(), job.retryPolicy(), "lease expired");
  }

  private void tell(Shard shard, ExpiredCall.Expired expired, List<Boolean> ended) {
    int leases = 0;
    for (int i = 0; i < ended.size(); i++) {
      leases += ended.get(i) && !expired.jobs().get(i).lease().leaseId().isNobodys() ? 1 : 0;
    }
    if (leases > 0 || expired.dropped() > 0) {
      observer.expired(shard.queue(), leases, expired.dropped());
    }
  }

  /**
   * Makes a call for items, and again for those that found the shard full, once what is over there
   * is ended: of that some may be dead, and leave room.
   */
  <T, R> Uni<List<R>> withRoom(
      Shard shard, List<T> items, Predicate<R> isFull, Function<List<T>, Uni<List<R>>> call) {
    return call.apply(items)
        .chain(
            results ->
                results.stream().noneMatch(isFull)
                    ? Uni.createFrom().item(results)
                    : end(shard, JobStore.MAX_BATCH)
                        .chain(
                            ended ->
                                ended.isAny()
                                    ? PartialRepeat.of(items, results, isFull, call)
                                    : Uni.createFrom().item(results)));
  }

  /**
   * Makes a call for items, and again for those whose jobs it met over, once these are ended.
   *
   * @param call gives a result for each item, in order; empty: its job is over
   */
  <T, R> Uni<List<R>> each(
      Shard shard,
      List<T> items,
      Function<T, JobId> id,
      Function<List<T>, Uni<List<Optional<R>>>> call) {
    return each(shard, items, id, call, MOST_CALLS)
        .map(results -> results.stream().map(Optional::orElseThrow).toList());
  }

  private <T, R> Uni<List<Optional<R>>> each(
      Shard shard,
      List<T> items,
      Function<T, JobId> id,
      Function<List<T>, Uni<List<Optional<R>>>> call,
      int calls) {
    if (calls == 0) {
      return Uni.createFrom()
          .failure(new StoreUnavailableException("jobs are over again and again", null));
    }
    return call.apply(items)
        .chain(
            results ->
                PartialRepeat.of(
                    items,
                    results,
                    Optional::isEmpty,
                    rest ->
                        end(shard, rest.stream().map(id).distinct().toList())
                            .chain(() -> each(shard, rest, id, call, calls - 1))));
  }
}
