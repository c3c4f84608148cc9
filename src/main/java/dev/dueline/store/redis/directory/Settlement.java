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
  private final ScriptRunner scripts;

  /** Sends nothing yet. */
  Settlement(LayoutRecords records, ScriptRunner scripts) {
    this.records = records;
    this.scripts = scripts;
  }

  /** As {@link ScriptRunner.Layouts#settle}. */
  Uni<Void> settle(Shard shard, boolean makes) {
    return records
        .agree(shard.queue(), makes)
        .chain(found -> found.isEmpty() && makes ? make(shard) : Uni.createFrom().item(found))
        .invoke(found -> requireAgreed(shard, found))
        .chain(() -> shard.index() == 0 ? Uni.createFrom().voidItem() : open(shard, makes));
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
   * that closed it since finds this shard open, and one before does not get on.
   */
  private Uni<Void> open(Shard shard, boolean makes) {
    return records
        .word(shard)
        .invoke(word -> warnOfAnother(shard, word.shards()))
        .chain(word -> records.say(shard, word, shard.of(), true))
        .chain(() -> records.agree(shard.queue(), makes))
        .chain(found -> found.isEmpty() ? alone(shard, makes) : Uni.createFrom().item(found))
        .invoke(found -> requireAgreed(shard, found))
        .replaceWithVoid();
  }

  /**
   * The queue was deleted before the shard was opened, which must not be left alone: whoever
   * remembers the queue would take it for a part of that. The queue comes to be again for who makes
   * it, or for a job that is there by now; otherwise the shard goes, too.
   */
  private Uni<Optional<QueueLayout>> alone(Shard shard, boolean makes) {
    QueueLayout layout = new QueueLayout(shard.queue(), shard.of());
    return makes
        ? make(shard)
        : Uni.createFrom()
            .deferred(() -> new QueueDeletion(records, scripts, layout, false, 0).again(shard))
            .chain(isGone -> isGone ? Uni.createFrom().item(Optional.empty()) : make(shard));
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
