package dev.dueline.store.redis.directory;

import dev.dueline.job.Shard;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.queue.Deletion;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.script.directory.ClearCall;
import dev.dueline.store.redis.script.directory.CloseCall;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One deletion of a queue, over shards that no script can reach at once. A closed shard says not
 * how many there are, so whoever uses the queue goes to the first shard to find out; who only looks
 * learns there that the queue is gone, and who schedules a job opens it again. So the queue is gone
 * in the step that clears the first shard, if nobody opened it since all were closed.
 *
 * <pre>
 *   close the first ─▶ close the others ─▶ clear the first ─▶ clear the others ─▶ remove the entry
 *        │ not empty        │ not empty         │ was opened
 *        ▼                  ▼                   ▼
 *    as it was       open the first         as it is
 * </pre>
 *
 * <p>The first shard says that it is closed until the entry is removed, or who only looks would
 * take a queue with an entry for one that lost its first shard. Another shard that stays closed is
 * opened by whoever uses it next, with all its settings.
 *
 * <p>What is cut off is opened by whoever looks at it ten seconds later, or deleted by the next
 * deletion.
 *
 * <p>Where a queue goes for being idle, the step that closes a shard looks once more whether it is.
 */
final class QueueDeletion {
  private final LayoutRecords records;
  private final ScriptRunner scripts;
  private final QueueLayout layout;

  /** No other has it. */
  private final String id;

  private final boolean isForced;
  private final long idleMs;

  /**
   * A deletion that has not begun.
   *
   * @param idleMs for which all shards must have been idle; 0: they need not be
   */
  QueueDeletion(
      LayoutRecords records,
      ScriptRunner scripts,
      QueueLayout layout,
      boolean isForced,
      long idleMs) {
    this.records = records;
    this.scripts = scripts;
    this.layout = layout;
    this.id = Long.toHexString(ThreadLocalRandom.current().nextLong());
    this.isForced = isForced;
    this.idleMs = idleMs;
  }

  /** Deletes the queue. */
  Uni<Deletion> run() {
    List<Shard> shards = layout.shards().stream().map(Shard::place).toList();
    Shard first = shards.get(0);
    List<Shard> others = shards.subList(1, shards.size());
    return orReopen(close(List.of(first)), first)
        .chain(
            closed ->
                !closed.isDone()
                    ? Uni.createFrom().item(closed)
                    : orReopen(close(others), first)
                        .map(closed::and)
                        .chain(
                            all -> all.isDone() ? clear(first, others, all) : refuse(first, all)));
  }

  private Uni<Deletion> close(List<Shard> shards) {
    return ShardCalls.eachToItsEnd(
            shards, shard -> scripts.run(new CloseCall(shard, id, isForced, idleMs)))
        .map(
            all ->
                all.stream()
                    .map(each -> new Deletion(each.isClosed(), each.jobs(), each.entries()))
                    .reduce(Deletion.OF_NOTHING, Deletion::and));
  }

  /** It may be closed also where no answer says so. */
  private Uni<Deletion> orReopen(Uni<Deletion> closing, Shard first) {
    return closing.onFailure().call(() -> reopen(first).onFailure().recoverWithNull());
  }

  private Uni<Void> reopen(Shard first) {
    return records.reopen(first, id, layout.shardCount());
  }

  private Uni<Deletion> refuse(Shard first, Deletion refused) {
    return reopen(first).replaceWith(refused);
  }

  private Uni<Deletion> clear(Shard first, List<Shard> others, Deletion closed) {
    return clear(first, true, false)
        .chain(
            isGone ->
                isGone
                    ? ShardCalls.eachToItsEnd(others, shard -> clear(shard, false, true))
                        .chain(() -> records.remove(layout))
                        .chain(() -> clear(first, true, true))
                        .replaceWith(closed)
                    : Uni.createFrom().item(closed.undone()));
  }

  private Uni<Boolean> clear(Shard shard, boolean isFirst, boolean isLast) {
    return scripts.run(new ClearCall(shard, id, isFirst, isLast, idleMs > 0));
  }
}
