package dev.dueline.operation.queue;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.operation.queue.QueueRefusedException.Reason;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.RedisStreamStore;
import dev.dueline.store.queue.RedisStreamTarget;
import dev.dueline.store.queue.ShardStats;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Switches a queue between watchers and Redis Streams. Each shard keeps what holds for it; where
 * one refuses, the others are set back. A call that was cut off may have reached some shards only,
 * and is repeated.
 *
 * <pre>
 *   to streams    enter the queue in the list that replicas read ─▶ set each shard
 *   to watchers   set each shard ─▶ leave the list
 *   refused       set back those that were set ─▶ leave the list, if no shard was a stream before
 * </pre>
 */
public final class DeliverySwitch {
  private final Queues queues;
  private final QueueStore store;
  private final RedisStreamStore streams;

  DeliverySwitch(Queues queues, QueueStore store, RedisStreamStore streams) {
    this.queues = queues;
    this.store = store;
    this.streams = streams;
  }

  /**
   * Chooses how due jobs leave a queue; gives the queue as it stands then. Fails with {@link
   * QueueRefusedException}.
   *
   * @param target null: to watchers
   */
  public Uni<QueueView> set(QueueName queue, @Nullable RedisStreamTarget target) {
    return queues.with(
        queue,
        layout ->
            (target == null ? toWatchers(layout) : toStreams(layout, target))
                .chain(() -> queues.view(layout)));
  }

  private Uni<Void> toWatchers(QueueLayout layout) {
    return setAll(layout, null).chain(() -> streams.leave(layout.queue()));
  }

  /** Replicas look at the queue first: what is delivered to a stream must not wait for them. */
  private Uni<Void> toStreams(QueueLayout layout, RedisStreamTarget target) {
    return streams
        .queues()
        .invoke(
            known -> {
              if (known.size() >= RedisStreamStore.MAX_QUEUES && !known.contains(layout.queue())) {
                throw new QueueRefusedException(layout.queue(), Reason.TOO_MANY_STREAM_QUEUES);
              }
            })
        .chain(() -> streams.enter(layout.queue()))
        .chain(() -> setAll(layout, target));
  }

  private Uni<Void> setAll(QueueLayout layout, @Nullable RedisStreamTarget target) {
    return ShardCalls.each(layout.shards(), store::stats)
        .chain(
            before ->
                ShardCalls.eachToItsEnd(layout.shards(), shard -> streams.deliver(shard, target))
                    .chain(
                        done ->
                            done.contains(false)
                                ? undo(layout, before, done)
                                : Uni.createFrom().voidItem()));
  }

  private Uni<Void> undo(QueueLayout layout, List<ShardStats> before, List<Boolean> done) {
    List<Shard> shards = layout.shards();
    List<Integer> set = IntStream.range(0, done.size()).filter(done::get).boxed().toList();
    boolean wasStream = before.stream().anyMatch(shard -> shard.stream() != null);
    return ShardCalls.eachToItsEnd(set, i -> streams.deliver(shards.get(i), before.get(i).stream()))
        .chain(() -> wasStream ? Uni.createFrom().voidItem() : streams.leave(layout.queue()))
        .chain(
            () ->
                Uni.createFrom()
                    .failure(new QueueRefusedException(layout.queue(), Reason.JOBS_LEASED)));
  }
}
