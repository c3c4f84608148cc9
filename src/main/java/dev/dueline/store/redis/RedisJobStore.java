package dev.dueline.store.redis;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.JobStore;
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
import dev.dueline.store.failure.StaleLayoutException;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.script.job.CancelCall;
import dev.dueline.store.redis.script.job.RescheduleCall;
import dev.dueline.store.redis.script.lease.AckCall;
import dev.dueline.store.redis.script.lease.ClaimCall;
import dev.dueline.store.redis.script.lease.ClaimedCall;
import dev.dueline.store.redis.script.lease.ExtendCall;
import dev.dueline.store.redis.script.lease.LeasedCall;
import dev.dueline.store.redis.script.upkeep.SweepCall;
import dev.dueline.store.redis.topology.Replication;
import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The store in Redis: each call is one script, but for lists, and for what meets a lease or a wait
 * that is over, which is ended first.
 */
final class RedisJobStore implements JobStore {
  private final ScriptRunner scripts;
  private final Replication replication;
  private final RedisSchedule schedule;
  private final RedisLists lists;
  private final RedisRuns runs;
  private final RedisExpiry expiry;

  /**
   * Sends nothing yet.
   *
   * @param replication who must have a job, a cancel or a move before it is answered
   */
  RedisJobStore(
      ScriptRunner scripts,
      Replication replication,
      RedisSchedule schedule,
      RedisRuns runs,
      RedisExpiry expiry) {
    this.scripts = scripts;
    this.replication = replication;
    this.schedule = schedule;
    this.lists = new RedisLists(scripts);
    this.runs = runs;
    this.expiry = expiry;
  }

  @Override
  public Uni<List<Scheduled>> schedule(Shard shard, List<ScheduleItem> items) {
    return schedule.schedule(shard, items);
  }

  @Override
  public Uni<List<Canceled>> cancel(Shard shard, List<CancelItem> items) {
    return expiry.each(
        shard,
        items,
        CancelItem::id,
        part -> {
          List<CancelCall.Item> sent = part.stream().map(CancelCall.Item::of).toList();
          return scripts.run(new CancelCall(shard, schedule.windowMs(), sent), replication);
        });
  }

  @Override
  public Uni<Rescheduled> reschedule(Shard shard, JobId id, Due due) {
    return expiry
        .withRoom(shard, List.of(due), RedisJobStore::isFull, part -> move(shard, id, part.get(0)))
        .map(results -> results.get(0));
  }

  private Uni<List<Rescheduled>> move(Shard shard, JobId id, Due due) {
    return expiry.each(
        shard,
        List.of(due),
        same -> id,
        part -> scripts.run(RescheduleCall.of(shard, id, part.get(0)), replication).map(List::of));
  }

  private static boolean isFull(Rescheduled moved) {
    return moved.outcome() == Rescheduled.Outcome.QUEUE_FULL;
  }

  @Override
  public Uni<Optional<JobView>> read(Shard shard, JobId id) {
    return read(shard, id, RedisExpiry.MOST_CALLS);
  }

  private Uni<Optional<JobView>> read(Shard shard, JobId id, int calls) {
    return lists
        .find(shard, id)
        .chain(
            found ->
                found.isFirstOver() && calls > 1
                    ? expiry.tryEnd(shard, id).chain(() -> read(shard, id, calls - 1))
                    : Uni.createFrom().item(found.first()));
  }

  @Override
  public Uni<JobPage> list(Shard shard, ListQuery query) {
    return expiry
        .tryAll(shard)
        .chain(
            () ->
                query.state() == JobState.LEASED
                    ? lists.leasedPage(shard, query)
                    : lists.indexPage(shard, query));
  }

  /** A claim without slots: every reply of it tells the time, and Redis Cluster routes it. */
  @Override
  public Uni<Long> nowMs(Shard shard) {
    return claim(shard, Slots.NONE).map(claim -> claim.nowUs() / 1_000);
  }

  @Override
  public Uni<Claim> claim(Shard shard, Slots slots) {
    return scripts
        .run(ClaimCall.of(shard, slots))
        .onFailure(StaleLayoutException.class)
        .recoverWithUni(
            stale ->
                ((StaleLayoutException) stale).isGone()
                    // Who waits for a queue to be created sees that nothing is there.
                    ? scripts.run(ClaimCall.of(shard.place(), slots))
                    : Uni.createFrom().failure(stale));
  }

  @Override
  public Uni<List<Boolean>> ack(Shard shard, List<LeaseRef> leases) {
    return scripts.run(new AckCall(shard, leases)).chain(ends -> runs.complete(shard, ends));
  }

  @Override
  public Uni<List<Boolean>> release(Shard shard, List<Release> releases, boolean includingExpired) {
    return runs.release(shard, releases, includingExpired);
  }

  @Override
  public Uni<List<Long>> extend(Shard shard, List<Extension> extensions) {
    return scripts.run(new ExtendCall(shard, extensions));
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
    return scripts.run(new LeasedCall(shard, leases));
  }

  @Override
  public Uni<ClaimedLeases> claimed(Shard shard, List<Long> nonces, long before) {
    List<byte[]> bytes =
        nonces.stream().map(each -> ByteBuffer.allocate(Long.BYTES).putLong(each).array()).toList();
    return scripts.run(new ClaimedCall(shard, before, MAX_BATCH, bytes));
  }

  @Override
  public Uni<SweepStep> sweep(Shard shard, SweepStep.Pace pace) {
    return scripts
        .run(new SweepCall(shard, pace))
        .call(step -> step.isComplete() ? scripts.nameDamage(shard) : Uni.createFrom().voidItem());
  }
}
