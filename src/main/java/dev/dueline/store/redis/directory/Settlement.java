package dev.dueline.store.redis.directory;

import dev.dueline.job.Shard;
import dev.dueline.store.failure.StaleLayoutException;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.redis.script.ScriptRunner;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Finds out what layout a queue has, where a shard does not say what a call expects, and lets the
 * shard say it. Thread-safe.
 */
final class Settlement {
  private static final Logger LOG = Logger.getLogger(Settlement.class);

  private final LayoutRecords records;

  /** Sends nothing yet. */
  Settlement(LayoutRecords records) {
    this.records = records;
  }

  /** As {@link ScriptRunner.Layouts#settle}. */
  Uni<Void> settle(Shard shard, boolean makes) {
    return agree(shard, makes)
        .chain(() -> shard.index() == 0 ? Uni.createFrom().voidItem() : open(shard, makes));
  }

  /** Fails if the queue is gone, or has other shards; it is created again for who makes it. */
  private Uni<Optional<QueueLayout>> agree(Shard shard, boolean makes) {
    return records
        .agree(shard.queue(), makes)
        .chain(found -> found.isEmpty() && makes ? make(shard) : Uni.createFrom().item(found))
        .invoke(found -> requireAgreed(shard, found));
  }

  private Uni<Optional<QueueLayout>> make(Shard shard) {
    return records.make(shard.queue(), shard.of()).map(Optional::of);
  }

  private static void requireAgreed(Shard shard, Optional<QueueLayout> found) {
    int shards = found.map(QueueLayout::shardCount).orElse(0);
    if (shards != shard.of()) {
      throw new StaleLayoutException(
          "%s has %d shards, not %d".formatted(shard.queue(), shards, shard.of()), shards == 0);
    }
  }

  /**
   * Lets another shard than the first say what that does, and looks at the first again: a deletion
   * that closed it since finds this shard open, and one before does not get on. After one that
   * ended since, the queue is created again for who makes it. Otherwise, or where nobody knows, the
   * shard is not left saying it: whoever remembers the queue would take it for a part of that.
   */
  private Uni<Void> open(Shard shard, boolean makes) {
    return records
        .word(shard)
        .invoke(word -> warnOfAnother(shard, word.shards()))
        .chain(
            word ->
                records
                    .say(shard, word, shard.of(), true)
                    .chain(() -> agree(shard, makes))
                    .onFailure()
                    .call(() -> retract(shard)))
        .replaceWithVoid();
  }

  /** Unless a job is there by now, for which the queue is created again. Never fails. */
  private Uni<Void> retract(Shard shard) {
    return records
        .retract(shard)
        .chain(isDone -> isDone ? Uni.createFrom().voidItem() : make(shard).replaceWithVoid())
        .onFailure()
        .recoverWithNull();
  }

  private static void warnOfAnother(Shard shard, int said) {
    if (said != 0 && said != shard.of()) {
      LOG.warnf(
          "%s is one of %d shards, but was one of %d: of its jobs, those that belong elsewhere by"
              + " now are delivered, but not found by their ids",
          shard, shard.of(), said);
    }
  }
}
