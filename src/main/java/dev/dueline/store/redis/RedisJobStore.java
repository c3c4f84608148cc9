package dev.dueline.store.redis;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.LeaseRef;
import dev.dueline.job.Shard;
import dev.dueline.job.recurrence.RunEnd;
import dev.dueline.store.CancelItem;
import dev.dueline.store.Canceled;
import dev.dueline.store.Claim;
import dev.dueline.store.ClaimedLeases;
import dev.dueline.store.ExpiredLeases;
import dev.dueline.store.Extension;
import dev.dueline.store.JobPage;
import dev.dueline.store.JobStore;
import dev.dueline.store.LeasedJob;
import dev.dueline.store.ListQuery;
import dev.dueline.store.Release;
import dev.dueline.store.Rescheduled;
import dev.dueline.store.ScheduleItem;
import dev.dueline.store.Scheduled;
import dev.dueline.store.Slots;
import dev.dueline.store.SweepStep;
import dev.dueline.store.redis.layout.RecordCodec;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.topology.Replication;
import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The store in Redis: each call is one script, but for lists. */
final class RedisJobStore implements JobStore {
  private final ScriptRunner scripts;
  private final Replication replication;
  private final DeadJobs deadJobs;
  private final RedisLists lists;
  private final RedisRuns runs;

  /**
   * A store.
   *
   * @param replication who must have a job, a cancel or a move before it is answered
   * @param deadJobs how much is kept of them
   */
  RedisJobStore(ScriptRunner scripts, Replication replication, DeadJobs deadJobs) {
    this.scripts = scripts;
    this.replication = replication;
    this.deadJobs = deadJobs;
    this.lists = new RedisLists(scripts);
    this.runs = new RedisRuns(scripts, deadJobs);
  }

  @Override
  public Uni<List<Scheduled>> schedule(Shard shard, List<ScheduleItem> items) {
    Arguments arguments = new Arguments();
    for (ScheduleItem item : items) {
      arguments.add(item.job().id()).add(conflict(item));
      arguments.add(RecordCodec.encode(item.job()));
    }
    return runDurably(Script.SCHEDULE, shard, arguments, Replies::scheduled);
  }

  @Override
  public Uni<List<Canceled>> cancel(Shard shard, List<CancelItem> items) {
    Arguments arguments = new Arguments();
    items.forEach(item -> arguments.add(item.id()).add(item.cancelLeased()));
    return runDurably(Script.CANCEL, shard, arguments, Replies::canceled);
  }

  @Override
  public Uni<Rescheduled> reschedule(Shard shard, JobId id, Due due) {
    Arguments arguments = new Arguments().add(id);
    addDue(arguments, due);
    return runDurably(Script.RESCHEDULE, shard, arguments, Replies::rescheduled);
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
    byte[] order = new byte[slots.order().size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = (byte) (slots.order().get(i) + 1);
    }
    Arguments arguments = new Arguments().add(Replies.MAX_BYTES).add(slots.deadlineMs()).add(order);
    for (Slots.Holder holder : slots.holders()) {
      arguments.add(holder.leaseMs()).add(Replies.leaseTail(slots.nonce(), holder));
    }
    return run(Script.CLAIM, shard, arguments, reply -> Replies.claim(reply, shard, slots));
  }

  @Override
  public Uni<List<Boolean>> ack(Shard shard, List<LeaseRef> leases) {
    return run(Script.ACK, shard, addLeases(leases), Replies::numbers)
        .chain(outcomes -> runs.complete(shard, outcomes, i -> acked(leases.get(i))));
  }

  @Override
  public Uni<List<Boolean>> release(Shard shard, List<Release> releases, boolean includingExpired) {
    Arguments arguments = deadJobs.addTo(new Arguments().add(!includingExpired));
    for (Release release : releases) {
      arguments.add(release.lease().id()).add(release.lease().leaseId().bytes());
      if (release.target() instanceof Release.Target.DueAgain again) {
        addDue(arguments, again.due());
      } else {
        arguments.add(release.target() instanceof Release.Target.Dead ? "dead" : "due").add(0);
      }
      arguments.add(release.isCounted()).add(release.reason());
    }
    return run(Script.RELEASE, shard, arguments, Replies::numbers)
        .chain(outcomes -> runs.complete(shard, outcomes, i -> given(releases.get(i))));
  }

  @Override
  public Uni<List<Long>> extend(Shard shard, List<Extension> extensions) {
    Arguments arguments = new Arguments();
    for (Extension extension : extensions) {
      arguments.add(extension.lease().id()).add(extension.lease().leaseId().bytes());
      arguments.add(extension.leaseMs());
    }
    return run(Script.EXTEND, shard, arguments, Replies::numbers);
  }

  @Override
  public Uni<ExpiredLeases> expired(Shard shard, int most) {
    return run(Script.EXPIRED, shard, new Arguments().add(most), Replies::expired);
  }

  @Override
  public Uni<List<Optional<LeasedJob>>> leased(Shard shard, List<LeaseRef> leases) {
    return run(Script.LEASED, shard, addLeases(leases), reply -> Replies.leased(reply, leases));
  }

  @Override
  public Uni<ClaimedLeases> claimed(Shard shard, List<Long> nonces, long before) {
    Arguments arguments = new Arguments().add(before).add(MAX_BATCH);
    nonces.forEach(nonce -> arguments.add(ByteBuffer.allocate(Long.BYTES).putLong(nonce).array()));
    return run(Script.CLAIMED, shard, arguments, Replies::claimed);
  }

  @Override
  public Uni<SweepStep> sweep(Shard shard, SweepStep.Pace pace) {
    Arguments arguments = new Arguments();
    arguments.add(pace.leastMs()).add(pace.restMs()).add(pace.sinceMs());
    return run(Script.SWEEP, shard, arguments, Replies::swept)
        .call(step -> step.isComplete() ? trim(shard) : Uni.createFrom().voidItem());
  }

  /** Drops dead jobs that are too old also where no job dies. */
  private Uni<Long> trim(Shard shard) {
    return run(Script.TRIM, shard, deadJobs.addTo(new Arguments()), Reply::number)
        .repeat()
        .whilst(dropped -> dropped == MAX_BATCH)
        .collect()
        .last();
  }

  private <T> Uni<T> run(
      Script script, Shard shard, Arguments arguments, Function<Reply, T> decode) {
    return run(script, shard, arguments, Replication.NONE, decode);
  }

  private <T> Uni<T> runDurably(
      Script script, Shard shard, Arguments arguments, Function<Reply, T> decode) {
    return run(script, shard, arguments, replication, decode);
  }

  private <T> Uni<T> run(
      Script script,
      Shard shard,
      Arguments arguments,
      Replication required,
      Function<Reply, T> decode) {
    return Uni.createFrom()
        .deferred(() -> scripts.run(script, shard, arguments, required))
        .map(response -> decode.apply(new Reply(response)));
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

  private static Arguments addLeases(List<LeaseRef> leases) {
    Arguments arguments = new Arguments();
    leases.forEach(lease -> arguments.add(lease.id()).add(lease.leaseId().bytes()));
    return arguments;
  }

  private static void addDue(Arguments arguments, Due due) {
    arguments.add(due instanceof Due.After ? "after" : "at").add(due.ms());
  }

  private static String conflict(ScheduleItem item) {
    String name = item.onConflict().name().toLowerCase(Locale.ROOT);
    return name.startsWith("replace_if_") ? name.substring("replace_if_".length()) : name;
  }
}
