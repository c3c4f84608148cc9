package dev.dueline.store.redis;

import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.Shard;
import dev.dueline.store.Claim;
import dev.dueline.store.QueueStore;
import dev.dueline.store.ShardStats;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ScriptRunner;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Running queues in Redis: each call is one script. */
final class RedisQueueStore implements QueueStore {
  private final ScriptRunner scripts;

  RedisQueueStore(ScriptRunner scripts) {
    this.scripts = scripts;
  }

  @Override
  public Uni<Void> pause(Shard shard, boolean isPaused) {
    return scripts.run(Script.PAUSE, shard, new Arguments().add(isPaused)).replaceWithVoid();
  }

  @Override
  public Uni<Void> limit(Shard shard, QueueLimits whole, QueueLimits share) {
    String text = whole.equals(QueueLimits.NONE) ? "" : text(whole);
    Arguments arguments = new Arguments().add(text);
    arguments.add(orNothing(share.dispatchesPerSecond(), plain(share.dispatchesPerSecond())));
    arguments.add(orNothing(share.maxOutstanding(), Integer.toString(share.maxOutstanding())));
    arguments.add(orNothing(share.maxPending(), Long.toString(share.maxPending())));
    return scripts.run(Script.LIMIT, shard, arguments).replaceWithVoid();
  }

  @Override
  public Uni<ShardStats> stats(Shard shard) {
    return scripts
        .run(Script.STATS, shard, new Arguments())
        .map(response -> stats(new Reply(response)));
  }

  @Override
  public Uni<Purged> purge(Shard shard, JobState state, int most) {
    Arguments arguments = new Arguments().add(state.name().toLowerCase(Locale.ROOT)).add(most);
    return scripts
        .run(Script.PURGE, shard, arguments)
        .map(Reply::new)
        .map(reply -> new Purged((int) reply.number(), reply.number()));
  }

  @Override
  public Uni<Integer> redrive(Shard shard, int most, Spread spread) {
    return redrive(shard, new Arguments().add(most).add(spread.fromMs()).add(spread.toMs()));
  }

  @Override
  public Uni<Integer> redrive(Shard shard, List<JobId> ids, Spread spread) {
    Arguments arguments = new Arguments().add(0).add(spread.fromMs()).add(spread.toMs());
    ids.forEach(id -> arguments.add(id));
    return redrive(shard, arguments);
  }

  private Uni<Integer> redrive(Shard shard, Arguments arguments) {
    return scripts
        .run(Script.REDRIVE, shard, arguments)
        .map(response -> (int) new Reply(response).number());
  }

  @Override
  public Uni<Void> present(Shard shard, long replica, int watchers, Duration holdsFor) {
    Arguments arguments = new Arguments().add(Long.toHexString(replica)).add(watchers);
    return scripts.run(Script.PRESENT, shard, arguments.add(holdsFor.toMillis())).replaceWithVoid();
  }

  private static ShardStats stats(Reply reply) {
    boolean isPaused = reply.number() == 1;
    QueueLimits limits = limits(reply.text());
    long pending = reply.number();
    long due = reply.number();
    long leased = reply.number();
    long dead = reply.number();
    long next = reply.number();
    ShardStats.Totals totals =
        new ShardStats.Totals(
            reply.number(),
            reply.number(),
            reply.number(),
            reply.number(),
            reply.number(),
            reply.number(),
            reply.number());
    return new ShardStats(
        reply.nowMs(),
        isPaused,
        limits,
        pending,
        due,
        leased,
        dead,
        next < 0 ? Claim.NONE : next,
        totals,
        (int) reply.number(),
        RedisStreams.target(reply.text()),
        reply.number());
  }

  private static String orNothing(double limit, String text) {
    return limit > 0 ? text : "";
  }

  /** As Lua reads it, and without loss. */
  private static String plain(double number) {
    return Double.toString(number);
  }

  private static String text(QueueLimits limits) {
    return plain(limits.dispatchesPerSecond())
        + " "
        + limits.maxOutstanding()
        + " "
        + limits.maxPending();
  }

  private static QueueLimits limits(String text) {
    if (text.isEmpty()) {
      return QueueLimits.NONE;
    }
    String[] parts = text.split(" ", -1);
    return new QueueLimits(
        Double.parseDouble(parts[0]), Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
  }
}
