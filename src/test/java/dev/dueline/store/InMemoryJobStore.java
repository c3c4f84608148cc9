package dev.dueline.store;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobView;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.lease.LeaseToken;
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
import dev.dueline.store.queue.Deletion;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.RedisStreamStore;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A store in memory: small, obvious and deterministic, trusted because it keeps the same {@link
 * JobStoreContract} as the store in Redis and agrees with it step by step. Each Uni does its work
 * when it is subscribed, on the subscriber's thread. Not thread-safe.
 */
public final class InMemoryJobStore extends InMemoryQueueStore implements JobStore {
  private final RedisStreamStore streams;
  private final ModelShards shards;
  private final ModelCalls calls;
  private final ModelExpiry expiry;
  private final ModelSchedule schedules;

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
    this.streams = new InMemoryRedisStreamStore(this);
    this.shards = new ModelShards(mostDead, window.toMillis());
    this.calls = new ModelCalls(nowUs, listener, shards);
    this.expiry = new ModelExpiry(this, calls, () -> Uni.createFrom().voidItem());
    this.schedules = new ModelSchedule(shards, calls, expiry);
  }

  private InMemoryJobStore(InMemoryJobStore same, Supplier<Uni<Void>> pause) {
    this.streams = same.streams;
    this.shards = same.shards;
    this.calls = same.calls;
    this.expiry = new ModelExpiry(this, calls, pause);
    this.schedules = new ModelSchedule(shards, calls, expiry);
  }

  /** The same jobs for one replica, which pauses before it ends leases that ran out. */
  public InMemoryJobStore client(Supplier<Uni<Void>> pause) {
    return new InMemoryJobStore(this, pause);
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
    return schedules.schedule(shard, items);
  }

  @Override
  public Uni<List<Canceled>> cancel(Shard shard, List<CancelItem> items) {
    return expiry.each(
        shard,
        items,
        CancelItem::id,
        (part, laterUs) ->
            calls.freeing(
                shard,
                ModelCalls.unlessOver(
                    part, CancelItem::id, (jobs, now, i) -> jobs.cancel(i, now / 1000))));
  }

  @Override
  public Uni<Rescheduled> reschedule(Shard shard, JobId id, Due due) {
    return move(shard, id, due, 0)
        .chain(
            moved ->
                moved.outcome() == Rescheduled.Outcome.QUEUE_FULL
                    ? moveBeyond(shard, id, due, moved)
                    : Uni.createFrom().item(moved));
  }

  private Uni<Rescheduled> moveBeyond(Shard shard, JobId id, Due due, Rescheduled full) {
    return expiry
        .end(shard, MAX_BATCH)
        .chain(
            ended ->
                ended.isAny()
                    ? move(shard, id, due, ModelExpiry.LATER_US)
                    : Uni.createFrom().item(full));
  }

  private Uni<Rescheduled> move(Shard shard, JobId id, Due due, long firstUs) {
    return expiry
        .each(
            shard,
            List.of(due),
            same -> id,
            (part, laterUs) ->
                calls.announcing(
                    shard,
                    ModelCalls.unlessOver(
                        part,
                        same -> id,
                        (jobs, now, i) -> jobs.reschedule(id, i, now + firstUs + laterUs))))
        .map(results -> results.get(0));
  }

  @Override
  public Uni<Optional<JobView>> read(Shard shard, JobId id) {
    return calls
        .call(shard, (jobs, now) -> jobs.isOver(id, now / 1000))
        .chain(
            isOver ->
                isOver
                    ? expiry.end(shard, List.of(id)).chain(() -> read(shard, id))
                    : calls.call(
                        shard,
                        (jobs, now) -> Optional.ofNullable(jobs.job(id)).map(j -> j.view(true))));
  }

  @Override
  public Uni<JobPage> list(Shard shard, ListQuery query) {
    return expiry.endAll(shard).chain(() -> calls.call(shard, (jobs, now) -> jobs.list(query)));
  }

  @Override
  public Uni<Long> nowMs(Shard shard) {
    return Uni.createFrom().item(() -> calls.nowUs() / 1_000);
  }

  @Override
  public Uni<Claim> claim(Shard shard, Slots slots) {
    return calls.call(shard.place(), (jobs, now) -> jobs.claim(slots, now));
  }

  @Override
  public Uni<List<Boolean>> ack(Shard shard, List<LeaseRef> leases) {
    return calls
        .freeing(
            shard, (jobs, now) -> ModelCalls.each(leases, lease -> jobs.ack(lease, now / 1000)))
        .chain(
            outcomes ->
                calls.ending(
                    shard,
                    outcomes,
                    (jobs, now, i) ->
                        jobs.end(leases.get(i), RunEnd.COMPLETED, false, "", now / 1000)));
  }

  @Override
  public Uni<List<Boolean>> release(Shard shard, List<Release> releases, boolean includingExpired) {
    return calls
        .freeing(
            shard,
            (jobs, now) ->
                ModelCalls.each(releases, release -> jobs.release(release, includingExpired, now)))
        .chain(
            outcomes ->
                calls.ending(
                    shard, outcomes, (jobs, now, i) -> jobs.end(releases.get(i), now / 1000)));
  }

  @Override
  public Uni<List<Long>> extend(Shard shard, List<Extension> extensions) {
    return calls.call(
        shard,
        (jobs, now) -> ModelCalls.each(extensions, item -> jobs.leases().extend(item, now / 1000)));
  }

  @Override
  public Uni<ExpiredLeases> expire(Shard shard, int most) {
    return expiry.end(shard, most);
  }

  @Override
  public void onRanOut(Consumer<List<LeaseToken>> listener) {
    expiry.onRanOut(listener);
  }

  @Override
  public Uni<List<Optional<LeasedJob>>> leased(Shard shard, List<LeaseRef> leases) {
    return calls.call(
        shard,
        (jobs, now) ->
            ModelCalls.each(
                leases, lease -> Optional.ofNullable(jobs.leases().leased(lease, now / 1000))));
  }

  @Override
  public Uni<ClaimedLeases> claimed(Shard shard, List<Long> nonces, long before) {
    return calls.call(shard, (jobs, now) -> jobs.leases().claimed(nonces, before, now));
  }

  @Override
  public Uni<SweepStep> sweep(Shard shard, SweepStep.Pace pace) {
    return calls.call(shard, (jobs, now) -> shards.sweep(shard).step(pace, now / 1000));
  }

  /** Deletes a queue, if it is empty or by force. */
  public Deletion delete(QueueLayout layout, boolean isForced) {
    return shards.delete(layout, isForced);
  }

  /** Deletes a queue, if it has been idle for a time. */
  public boolean deleteIdle(QueueLayout layout, Duration atLeast) {
    return shards.deleteIdle(layout, atLeast.toMillis(), calls.nowUs() / 1_000);
  }

  @Override
  public Uni<Void> forgetRequests() {
    return Uni.createFrom().voidItem().invoke(shards::forgetRequests);
  }

  @Override
  ModelExpiry expiry() {
    return expiry;
  }

  @Override
  ModelCalls calls() {
    return calls;
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
}
