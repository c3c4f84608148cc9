package dev.dueline.store.redis;

import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.QueueLimits.Change;
import dev.dueline.job.Shard;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.ShardStats;
import dev.dueline.store.queue.Upcoming;
import dev.dueline.store.redis.directory.KnownRequests;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.script.ShardCall;
import dev.dueline.store.redis.script.queue.CountCall;
import dev.dueline.store.redis.script.queue.LimitCall;
import dev.dueline.store.redis.script.queue.NextCall;
import dev.dueline.store.redis.script.queue.PauseCall;
import dev.dueline.store.redis.script.queue.PresentCall;
import dev.dueline.store.redis.script.queue.PurgeCall;
import dev.dueline.store.redis.script.queue.RedriveCall;
import dev.dueline.store.redis.script.queue.StatsCall;
import dev.dueline.store.redis.script.queue.WatchingCall;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;

/** Running queues in Redis: each call is one script, behind what is to be ended first. */
final class RedisQueueStore implements QueueStore {
  private final ScriptRunner scripts;
  private final DeadJobs deadJobs;
  private final RedisExpiry expiry;
  private final KnownRequests requests;

  RedisQueueStore(
      ScriptRunner scripts, DeadJobs deadJobs, RedisExpiry expiry, KnownRequests requests) {
    this.scripts = scripts;
    this.deadJobs = deadJobs;
    this.expiry = expiry;
    this.requests = requests;
  }

  @Override
  public Uni<Void> pause(Shard shard, boolean isPaused) {
    return scripts.run(new PauseCall(shard, isPaused)).replaceWithVoid();
  }

  @Override
  public Uni<Void> limit(Shard shard, Change whole, QueueLimits share) {
    return scripts.run(LimitCall.of(shard, whole, share)).replaceWithVoid();
  }

  @Override
  public Uni<ShardStats> stats(Shard shard) {
    return counted(shard)
        .chain(
            counted ->
                counted.over() == 0
                    ? Uni.createFrom().item(counted)
                    : expiry
                        .endAll(shard)
                        .chain(() -> counted(shard))
                        // A Redis that takes no writes still tells what it has.
                        .onFailure()
                        .recoverWithItem(counted))
        .map(StatsCall.Counted::stats);
  }

  private Uni<StatsCall.Counted> counted(Shard shard) {
    return scripts.run(new StatsCall(shard, deadJobs.longest().toMillis()));
  }

  /** Runs a script on what is left once all that is over is ended: that is in no count of jobs. */
  private <R> Uni<R> ended(Shard shard, ShardCall<R> call) {
    return expiry.endEach(shard).chain(() -> scripts.run(call));
  }

  @Override
  public Uni<List<Long>> count(Shard shard, JobState state, List<Long> boundariesMs) {
    long deadMs = deadJobs.longest().toMillis();
    return expiry
        .tryAll(shard)
        .chain(() -> scripts.run(new CountCall(shard, state, deadMs, boundariesMs)));
  }

  @Override
  public Uni<Purged> purge(Shard shard, JobState state, int most) {
    return ended(shard, new PurgeCall(shard, state, most));
  }

  @Override
  public Uni<Integer> redrive(Shard shard, int most, Spread spread) {
    return ended(shard, new RedriveCall(shard, most, spread, List.of()));
  }

  @Override
  public Uni<Integer> redrive(Shard shard, List<JobId> ids, Spread spread) {
    return ended(shard, new RedriveCall(shard, 0, spread, ids));
  }

  @Override
  public Uni<Void> present(Shard shard, long replica, int watchers, Duration holdsFor) {
    String hex = Long.toHexString(replica);
    return scripts
        .run(new PresentCall(shard, hex, watchers, holdsFor.toMillis()))
        .replaceWithVoid();
  }

  @Override
  public Uni<List<Long>> watching(Shard shard) {
    return scripts.run(new WatchingCall(shard));
  }

  @Override
  public Uni<Upcoming> next(Shard shard) {
    return scripts.run(new NextCall(shard, Upcoming.MAX_LEASES));
  }

  @Override
  public Uni<Void> forgetRequests() {
    return requests.forget();
  }
}
