package dev.dueline.store.redis.directory;

import dev.dueline.store.queue.QueueTurns;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.script.upkeep.TurnCall;
import io.smallrye.mutiny.Uni;
import java.time.Duration;

/** Turns through the index of names: which queue comes next is kept in Redis. */
public final class RedisQueueTurns implements QueueTurns {
  /** From the beginning of one round to that of the next, at least. */
  public static final Duration ROUND = Duration.ofSeconds(20);

  /** Of the shards that may be looked at: few turns cost little, and one that is lost is small. */
  private static final Duration TURN = Duration.ofSeconds(1);

  private final QueueIndex index;
  private final ScriptRunner scripts;
  private final int shardsPerSecond;

  /**
   * Takes none yet.
   *
   * @param shardsPerSecond over all replicas, 1 or more
   */
  public RedisQueueTurns(QueueIndex index, ScriptRunner scripts, int shardsPerSecond) {
    this.index = index;
    this.scripts = scripts;
    this.shardsPerSecond = shardsPerSecond;
  }

  @Override
  public Uni<Turn> take() {
    return index
        .repaired()
        // Names that it lacks wait for the next time; those that it has have their turn.
        .onFailure()
        .recoverWithNull()
        .chain(() -> scripts.run(new TurnCall(shardsPerSecond, TURN.toMillis(), ROUND.toMillis())));
  }
}
