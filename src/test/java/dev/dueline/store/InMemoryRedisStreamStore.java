package dev.dueline.store;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.due.Fed;
import dev.dueline.store.queue.RedisStreamStore;
import dev.dueline.store.queue.RedisStreamTarget;
import io.smallrye.mutiny.Uni;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The streams of a store in memory. */
final class InMemoryRedisStreamStore implements RedisStreamStore {
  private final InMemoryJobStore store;
  private final Set<QueueName> queues = new HashSet<>();

  InMemoryRedisStreamStore(InMemoryJobStore store) {
    this.store = store;
  }

  @Override
  public Uni<Set<QueueName>> queues() {
    return Uni.createFrom().item(() -> Set.copyOf(queues));
  }

  @Override
  public Uni<Void> enter(QueueName queue) {
    return Uni.createFrom().item(() -> queues.add(queue)).replaceWithVoid();
  }

  @Override
  public Uni<Void> leave(QueueName queue) {
    return Uni.createFrom().item(() -> queues.remove(queue)).replaceWithVoid();
  }

  @Override
  public Uni<Boolean> deliver(Shard shard, @Nullable RedisStreamTarget target) {
    return store
        .calls()
        .call(
            shard,
            (jobs, now) -> {
              boolean isDone = jobs.stream().deliver(target, now / 1000);
              if (isDone) {
                store.calls().wake(shard);
              }
              return isDone;
            });
  }

  @Override
  public Uni<Fed> feed(Shard shard, int most) {
    return move(shard, most, 0)
        .chain(
            fed ->
                fed.hasExpired()
                    ? store
                        .expire(shard, JobStore.MAX_BATCH)
                        .chain(() -> move(shard, most, ModelExpiry.LATER_US))
                        .map(next -> ModelRedisStream.both(fed, next))
                    : Uni.createFrom().item(fed));
  }

  private Uni<Fed> move(Shard shard, int most, long laterUs) {
    return store.calls().call(shard, (jobs, now) -> jobs.stream().feed(most, now + laterUs));
  }

  @Override
  public String key(Shard shard) {
    return shard.toString();
  }
}
