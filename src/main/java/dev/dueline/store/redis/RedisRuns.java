package dev.dueline.store.redis;

import dev.dueline.job.Shard;
import dev.dueline.store.due.Release;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.script.lease.LeaseReply;
import dev.dueline.store.redis.script.lease.ReleaseCall;
import dev.dueline.store.redis.script.lease.RenewCall;
import dev.dueline.store.redis.script.lease.RunOutcome;
import io.smallrye.mutiny.Uni;
import java.util.Iterator;
import java.util.List;

/**
 * Ends leases without an Ack, and runs of jobs that recur: {@code ack} and {@code release} leave
 * such a job as it is and give its record, {@link RunOutcome} decides by the clock of that reply,
 * and {@code renew} ends the run and sets the next one. Whoever dies in between leaves the lease in
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

  /** Ends leases without an Ack, and says of each whether it was in force. */
  Uni<List<Boolean>> release(Shard shard, List<Release> releases, boolean includingExpired) {
    List<ReleaseCall.Item> items = releases.stream().map(ReleaseCall::item).toList();
    return scripts
        .run(
            new ReleaseCall(
                shard, includingExpired, deadJobs.mostJobs(), deadJobs.longest().toMillis(), items))
        .chain(ends -> complete(shard, ends));
  }

  /**
   * Ends the runs that a script found to be over, and says of each lease whether it is ended. One
   * that is lost meanwhile is left by {@code renew}.
   */
  Uni<List<Boolean>> complete(Shard shard, List<LeaseReply> ends) {
    List<RenewCall.Item> runs = ends.stream().flatMap(end -> end.run().stream()).toList();
    if (runs.isEmpty()) {
      return Uni.createFrom().item(ends.stream().map(LeaseReply::isEnded).toList());
    }
    return scripts
        .run(new RenewCall(shard, deadJobs.mostJobs(), deadJobs.longest().toMillis(), runs))
        .map(
            renewed -> {
              Iterator<Boolean> next = renewed.iterator();
              return ends.stream()
                  .map(end -> end.run().isPresent() ? next.next() : end.isEnded())
                  .toList();
            });
  }
}
