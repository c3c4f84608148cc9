package dev.dueline.store.redis.directory;

import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.script.directory.IdleCall;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;

/** For how long queues have been idle, which each of their shards keeps for itself. Thread-safe. */
final class IdleTime {
  private final ScriptRunner scripts;

  IdleTime(ScriptRunner scripts) {
    this.scripts = scripts;
  }

  /**
   * Whether each shard of a queue has been idle for so long. They are looked at in turn, up to the
   * first that is in use, since then the others do not matter.
   */
  Uni<Boolean> isAtLeast(QueueLayout layout, long ms) {
    return Multi.createFrom()
        .iterable(layout.shards())
        .onItem()
        .transformToUniAndConcatenate(shard -> scripts.run(new IdleCall(shard)))
        .select()
        .first(idleMs -> idleMs >= 0)
        .collect()
        .asList()
        .map(all -> all.size() == layout.shardCount() && all.stream().allMatch(each -> each >= ms));
  }
}
