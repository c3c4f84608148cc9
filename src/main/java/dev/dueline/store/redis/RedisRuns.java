package dev.dueline.store.redis;

import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.recurrence.RunEnd;
import dev.dueline.store.due.Release;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.script.lease.LeaseOutcome;
import dev.dueline.store.redis.script.lease.ReleaseCall;
import dev.dueline.store.redis.script.lease.RenewCall;
import dev.dueline.store.redis.script.lease.RunOutcome;
import dev.dueline.store.redis.script.lease.SeriesCall;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Ends leases without an Ack, and runs of jobs that recur: {@code ack} and {@code release} leave
 * them as they are, {@code series} reads them, {@link RunOutcome} decides by the store's clock, and
 * {@code renew} ends the run and sets the next one. Whoever dies in between leaves the lease in
 * force, so the run comes again: at least once. Nothing else can change the job meanwhile, since
 * the lease is named.
 */
final class RedisRuns {
  private final ScriptRunner scripts;
  private final DeadJobs deadJobs;

  RedisRuns(ScriptRunner scripts, DeadJobs deadJobs) {
    this.scripts = scripts;
    this.deadJobs = deadJobs;
  }

  /**
   * A run to end.
   *
   * @param isCounted whether the delivery counts as a failed attempt
   * @param reason kept with the job; empty: the last one stays
   */
  record Ended(LeaseRef lease, RunEnd end, boolean isCounted, String reason) {}

  /** Ends leases without an Ack, and says of each whether it was in force. */
  Uni<List<Boolean>> release(Shard shard, List<Release> releases, boolean includingExpired) {
    List<ReleaseCall.Item> items = releases.stream().map(ReleaseCall::item).toList();
    return scripts
        .run(
            new ReleaseCall(
                shard, includingExpired, deadJobs.mostJobs(), deadJobs.longest().toMillis(), items))
        .chain(outcomes -> complete(shard, outcomes, i -> given(releases.get(i))));
  }

  /** A run that is given up: dead, or too late before anybody had it. */
  private static Ended given(Release release) {
    return release.lease().leaseId().isNobodys()
        ? new Ended(release.lease(), RunEnd.EXPIRED, false, "")
        : new Ended(release.lease(), RunEnd.DIED, release.isCounted(), release.reason());
  }

  /**
   * Ends the runs that a script found to be over, and says of each lease whether it is ended.
   *
   * @param ended what is to be ended at a place of the list
   */
  Uni<List<Boolean>> complete(Shard shard, List<LeaseOutcome> outcomes, IntFunction<Ended> ended) {
    List<Integer> places =
        IntStream.range(0, outcomes.size())
            .filter(i -> outcomes.get(i) == LeaseOutcome.RUN_OVER)
            .boxed()
            .toList();
    List<Boolean> results =
        new ArrayList<>(outcomes.stream().map(each -> each == LeaseOutcome.ENDED).toList());
    if (places.isEmpty()) {
      return Uni.createFrom().item(results);
    }
    return end(shard, places.stream().map(ended::apply).toList())
        .map(
            done -> {
              for (int i = 0; i < places.size(); i++) {
                results.set(places.get(i), done.get(i));
              }
              return results;
            });
  }

  private Uni<List<Boolean>> end(Shard shard, List<Ended> runs) {
    return scripts
        .run(new SeriesCall(shard, runs.stream().map(Ended::lease).toList()))
        .chain(read -> scripts.run(renewal(shard, runs, read)));
  }

  /** Of a lease that is lost, too, which {@code renew} finds out as well. */
  private RenewCall renewal(Shard shard, List<Ended> runs, SeriesCall.Read read) {
    List<RenewCall.Item> items = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      Ended run = runs.get(i);
      RunOutcome outcome = RunOutcome.of(read.jobs().get(i), run.end, read.nowMs());
      items.add(new RenewCall.Item(run.lease, outcome, run.isCounted, run.reason));
    }
    return new RenewCall(shard, deadJobs.mostJobs(), deadJobs.longest().toMillis(), items);
  }
}
