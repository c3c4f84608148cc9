package dev.dueline.store.coalesce;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobView;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.JobStore;
import dev.dueline.store.StoreObserver;
import dev.dueline.store.SweepStep;
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
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * A store that merges what clients ask of it, shard by shard. What delivery asks for comes in
 * batches already, and goes through as it is. Beside the failures of the store behind it, calls
 * that change jobs fail with {@link dev.dueline.store.failure.StoreBusyException} when too much
 * waits.
 */
public final class CoalescingJobStore implements JobStore {
  private final JobStore store;
  private final Coalescer<ScheduleItem, Scheduled> schedules;
  private final Coalescer<CancelItem, Canceled> cancels;
  private final Coalescer<LeaseRef, Boolean> acks;
  private final Coalescer<LeaseRef, Optional<LeasedJob>> leasedReads;
  private final Coalescer<Release, Boolean> releases;
  private final Coalescer<Extension, Long> extensions;

  /**
   * In front of a store.
   *
   * @param maxWaitingBytes most that may wait for the store, or for its answers, at once; a shard
   *     and verb that is busy gets a quarter
   * @param observer hears how many items went out together
   */
  public CoalescingJobStore(JobStore store, long maxWaitingBytes, StoreObserver observer) {
    this.store = store;
    Coalescer.Backlog backlog = new Coalescer.Backlog(maxWaitingBytes);
    schedules =
        new Coalescer<>(
            told("schedule", observer, store::schedule),
            item -> item.job().contentBytes(),
            backlog);
    cancels = new Coalescer<>(told("cancel", observer, store::cancel), item -> 0, backlog);
    acks = new Coalescer<>(told("ack", observer, store::ack), lease -> 0, backlog);
    leasedReads = new Coalescer<>(told("leased", observer, store::leased), lease -> 0, backlog);
    releases =
        new Coalescer<>(
            told("release", observer, (shard, items) -> store.release(shard, items, false)),
            release -> release.reason().length(),
            backlog);
    extensions = new Coalescer<>(told("extend", observer, store::extend), extension -> 0, backlog);
  }

  private static <T, R> BiFunction<Shard, List<T>, Uni<List<R>>> told(
      String call, StoreObserver observer, BiFunction<Shard, List<T>, Uni<List<R>>> next) {
    return (shard, items) -> {
      observer.merged(call, items.size());
      return next.apply(shard, items);
    };
  }

  @Override
  public Uni<List<Scheduled>> schedule(Shard shard, List<ScheduleItem> items) {
    return schedules.call(shard, items);
  }

  @Override
  public Uni<List<Canceled>> cancel(Shard shard, List<CancelItem> items) {
    return cancels.call(shard, items);
  }

  @Override
  public Uni<Rescheduled> reschedule(Shard shard, JobId id, Due due) {
    return store.reschedule(shard, id, due);
  }

  @Override
  public Uni<Optional<JobView>> read(Shard shard, JobId id) {
    return store.read(shard, id);
  }

  @Override
  public Uni<JobPage> list(Shard shard, ListQuery query) {
    return store.list(shard, query);
  }

  @Override
  public Uni<Long> nowMs(Shard shard) {
    return store.nowMs(shard);
  }

  @Override
  public Uni<Claim> claim(Shard shard, Slots slots) {
    return store.claim(shard, slots);
  }

  @Override
  public Uni<List<Boolean>> ack(Shard shard, List<LeaseRef> leases) {
    return acks.call(shard, leases);
  }

  @Override
  public Uni<List<Boolean>> release(Shard shard, List<Release> items, boolean includingExpired) {
    return includingExpired ? store.release(shard, items, true) : releases.call(shard, items);
  }

  @Override
  public Uni<List<Long>> extend(Shard shard, List<Extension> items) {
    return extensions.call(shard, items);
  }

  @Override
  public Uni<ExpiredLeases> expire(Shard shard, int most) {
    return store.expire(shard, most);
  }

  @Override
  public void onRanOut(Consumer<List<LeaseToken>> listener) {
    store.onRanOut(listener);
  }

  @Override
  public Uni<List<Optional<LeasedJob>>> leased(Shard shard, List<LeaseRef> leases) {
    return leasedReads.call(shard, leases);
  }

  @Override
  public Uni<ClaimedLeases> claimed(Shard shard, List<Long> nonces, long before) {
    return store.claimed(shard, nonces, before);
  }

  @Override
  public Uni<SweepStep> sweep(Shard shard, SweepStep.Pace pace) {
    return store.sweep(shard, pace);
  }
}
