package dev.dueline.store.redis;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.LeaseRef;
import dev.dueline.job.Shard;
import dev.dueline.job.recurrence.RunEnd;
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
import dev.dueline.store.redis.script.lease.ExpiredCall;
import dev.dueline.store.redis.script.lease.ExtendCall;
import dev.dueline.store.redis.script.lease.LeasedCall;
import dev.dueline.store.redis.script.lease.ReleaseCall;
import dev.dueline.store.redis.script.upkeep.SweepCall;
import dev.dueline.store.redis.script.upkeep.TrimCall;
import dev.dueline.store.redis.topology.Replication;
import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The store in Redis: each call is one script, but for lists. */
final class RedisJobStore implements JobStore {
  private final ScriptRunner scripts;
  private final Replication replication;
  private final DeadJobs deadJobs;
  private final RedisSchedule schedule;
  private final RedisLists lists;
  private final RedisRuns runs;

  /**
   * Sends nothing yet.
   *
   * @param replication who must have a job, a cancel or a move before it is answered
   * @param deadJobs how much is kept of them
   * @param requestWindow for which requests are known by their ids
   */
  RedisJobStore(
      ScriptRunner scripts, Replication replication, DeadJobs deadJobs, Duration requestWindow) {
    this.scripts = scripts;
    this.replication = replication;
    this.deadJobs = deadJobs;
    this.schedule = new RedisSchedule(scripts, replication, requestWindow);
    this.lists = new RedisLists(scripts);
    this.runs = new RedisRuns(scripts, deadJobs);
  }

  @Override
  public Uni<List<Scheduled>> schedule(Shard shard, List<ScheduleItem> items) {
    return schedule.schedule(shard, items);
  }

  @Override
  public Uni<List<Canceled>> cancel(Shard shard, List<CancelItem> items) {
    return scripts.run(new CancelCall(shard, items), replication);
  }

  @Override
  public Uni<Rescheduled> reschedule(Shard shard, JobId id, Due due) {
    return scripts.run(RescheduleCall.of(shard, id, due), replication);
  }

  @Override
  public Uni<Optional<JobView>> read(Shard shard, JobId id) {
    return lists.read(shard, List.of(id), true).map(found -> found.get(0));
  }

  @Override
  public Uni<JobPage> list(Shard shard, ListQuery query) {
    return query.state() == JobState.LEASED
        ? lists.leasedPage(shard, query)
        : lists.indexPage(shard, query);
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
                    // Who waits for a queue to come to be sees that nothing is there.
                    ? scripts.run(ClaimCall.of(shard.place(), slots))
                    : Uni.createFrom().failure(stale));
  }

  @Override
  public Uni<List<Boolean>> ack(Shard shard, List<LeaseRef> leases) {
    return scripts
        .run(new AckCall(shard, leases))
        .chain(outcomes -> runs.complete(shard, outcomes, i -> acked(leases.get(i))));
  }

  @Override
  public Uni<List<Boolean>> release(Shard shard, List<Release> releases, boolean includingExpired) {
    List<ReleaseCall.Item> items = releases.stream().map(ReleaseCall::item).toList();
    return scripts
        .run(
            new ReleaseCall(
                shard, includingExpired, deadJobs.mostJobs(), deadJobs.longest().toMillis(), items))
        .chain(outcomes -> runs.complete(shard, outcomes, i -> given(releases.get(i))));
  }

  @Override
  public Uni<List<Long>> extend(Shard shard, List<Extension> extensions) {
    return scripts.run(new ExtendCall(shard, extensions));
  }

  @Override
  public Uni<ExpiredLeases> expired(Shard shard, int most) {
    return scripts.run(new ExpiredCall(shard, most));
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
        .call(step -> step.isComplete() ? trim(shard) : Uni.createFrom().voidItem());
  }

  /** Drops dead jobs that are too old also where no job dies. */
  private Uni<Long> trim(Shard shard) {
    return scripts
        .run(new TrimCall(shard, deadJobs.mostJobs(), deadJobs.longest().toMillis()))
        .repeat()
        .whilst(dropped -> dropped == MAX_BATCH)
        .collect()
        .last();
  }

  private static RedisRuns.Ended acked(LeaseRef lease) {
    return new RedisRuns.Ended(lease, RunEnd.COMPLETED, false, "");
  }

  /** A run that is given up: dead, or too late before anybody had it. */
  private static RedisRuns.Ended given(Release release) {
    return release.lease().leaseId().isNobodys()
        ? new RedisRuns.Ended(release.lease(), RunEnd.EXPIRED, false, "")
        : new RedisRuns.Ended(release.lease(), RunEnd.DIED, release.isCounted(), release.reason());
  }
}
