package dev.dueline.store.redis;

import dev.dueline.job.LeaseRef;
import dev.dueline.job.Shard;
import dev.dueline.job.StoredJob;
import dev.dueline.job.recurrence.NextRun;
import dev.dueline.job.recurrence.RunEnd;
import dev.dueline.job.recurrence.Runs;
import dev.dueline.job.recurrence.Series;
import dev.dueline.store.redis.layout.RecordCodec;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ScriptRunner;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.IntFunction;

/**
 * Ends runs of jobs that recur: {@code ack} and {@code release} leave them as they are, {@code
 * series} reads them, the rule gives the next run by the store's clock, and {@code renew} ends the
 * one and sets the other. Whoever dies in between leaves the lease in force, so the run comes
 * again: at least once. Nothing else can change the job meanwhile, since the lease is named.
 */
final class RedisRuns {
  private static final long OVER = -1;
  private static final String UNREADABLE = "unreadable recurrence";

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

  /**
   * Completes the outcomes of a script: 0 lost, 1 done, 2 to be ended here.
   *
   * @param ended what is to be ended at a place of the list
   */
  Uni<List<Boolean>> complete(Shard shard, List<Long> outcomes, IntFunction<Ended> ended) {
    List<Integer> places = new ArrayList<>();
    List<Ended> left = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) == 2) {
        places.add(i);
        left.add(ended.apply(i));
      }
    }
    List<Boolean> results = new ArrayList<>(outcomes.stream().map(each -> each == 1).toList());
    if (left.isEmpty()) {
      return Uni.createFrom().item(results);
    }
    return end(shard, left)
        .map(
            done -> {
              for (int i = 0; i < places.size(); i++) {
                results.set(places.get(i), done.get(i));
              }
              return results;
            });
  }

  private Uni<List<Boolean>> end(Shard shard, List<Ended> runs) {
    Arguments leases = new Arguments();
    runs.forEach(run -> leases.add(run.lease.id()).add(run.lease.leaseId().bytes()));
    return scripts
        .run(Script.SERIES, shard, leases)
        .map(response -> renewals(new Reply(response), runs))
        .chain(renewals -> scripts.run(Script.RENEW, shard, renewals))
        .map(response -> Replies.held(new Reply(response)));
  }

  /** Of a lease that is lost, too, which {@code renew} finds out as well. */
  private Arguments renewals(Reply reply, List<Ended> runs) {
    Arguments arguments = deadJobs.addTo(new Arguments());
    for (Ended run : runs) {
      StoredJob job = RecordCodec.decode(run.lease.id(), reply.bytes());
      Series series = job.series();
      // A series that nobody can follow ends where people look: with the dead.
      RunEnd end = series == null ? RunEnd.DIED : run.end;
      NextRun next =
          series == null
              ? new NextRun(OptionalLong.empty(), Runs.NONE)
              : series.recurrence().after(series.runs(), job.dueMs(), end, reply.nowMs());
      arguments.add(run.lease.id()).add(run.lease.leaseId().bytes());
      arguments.add(end.name().toLowerCase(Locale.ROOT)).add(next.dueMs().orElse(OVER));
      arguments.add(next.runs().completed()).add(next.runs().died()).add(next.runs().missed());
      arguments.add(run.isCounted).add(series == null ? UNREADABLE : run.reason);
    }
    return arguments;
  }
}
