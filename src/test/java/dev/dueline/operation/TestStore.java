package dev.dueline.operation;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.InMemoryJobStore;
import dev.dueline.store.JobStore;
import dev.dueline.store.queue.Deletion;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.RedisStreamStore;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A store in memory with a clock that is set by hand, and shards that can be made to fail. */
public final class TestStore implements QueueDirectory {
  public static final long START_MS = 1_700_000_000_000L;

  public final AtomicLong nowMs = new AtomicLong(START_MS);
  public final AtomicLong namesRead = new AtomicLong();
  public final Map<QueueName, QueueLayout> queues = new ConcurrentHashMap<>();
  public final Map<QueueName, Throwable> failingQueues = new ConcurrentHashMap<>();
  public final Map<Shard, Throwable> failingShards = new ConcurrentHashMap<>();
  public final AtomicReference<@Nullable Throwable> failingNames = new AtomicReference<>();

  /** Calls that wait, while it is {@link #isHolding}, until somebody runs them. */
  public final Queue<Runnable> held = new ConcurrentLinkedQueue<>();

  public volatile boolean isHolding;
  public final JobStore jobs;
  public final QueueStore operations;
  public final RedisStreamStore streams;
  private final InMemoryJobStore model;
  private final int shardCount;

  public TestStore(int shardCount) {
    this.shardCount = shardCount;
    model = new InMemoryJobStore(() -> nowMs.get() * 1_000, (shard, dueMs) -> {});
    jobs = failing(JobStore.class, model);
    operations = failing(QueueStore.class, model);
    streams = failing(RedisStreamStore.class, model.streams());
  }

  private <T> Uni<T> held(Uni<T> answer) {
    return Uni.createFrom()
        .emitter(
            emitter -> held.add(() -> answer.subscribe().with(emitter::complete, emitter::fail)));
  }

  /** The calls of a port, which fail for the shards that are said to. */
  private <T> T failing(Class<T> port, T store) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) -> {
              Object of = arguments == null ? "" : arguments[0];
              Throwable failure =
                  of instanceof Shard shard ? failingShards.get(shard.place()) : null;
              if (failure != null) {
                return Uni.createFrom().failure(failure);
              }
              Object result = method.invoke(store, arguments);
              return isHolding && result instanceof Uni<?> answer ? held(answer) : result;
            }));
  }

  @Override
  public Uni<QueueLayout> layout(QueueName queue) {
    return find(queue)
        .map(found -> queues.computeIfAbsent(queue, name -> new QueueLayout(name, shardCount)));
  }

  @Override
  public Uni<QueueLayout> expected(QueueName queue) {
    return find(queue).map(found -> found.orElseGet(() -> new QueueLayout(queue, shardCount)));
  }

  @Override
  public Uni<Deletion> delete(QueueLayout layout, boolean isForced) {
    return Uni.createFrom()
        .item(
            () -> {
              Deletion deletion = model.delete(layout, isForced);
              if (deletion.isDone()) {
                queues.remove(layout.queue());
              }
              return deletion;
            });
  }

  @Override
  public Uni<Boolean> deleteIdle(QueueLayout layout, Duration atLeast) {
    return Uni.createFrom()
        .item(
            () -> {
              boolean isGone = model.deleteIdle(layout, atLeast);
              if (isGone) {
                queues.remove(layout.queue());
              }
              return isGone;
            });
  }

  @Override
  public Uni<Found> layouts(List<QueueName> names) {
    return Uni.createFrom()
        .item(
            () ->
                new Found(
                    names.stream()
                        .filter(name -> !failingQueues.containsKey(name))
                        .map(queues::get)
                        .filter(Objects::nonNull)
                        .toList(),
                    Map.of()));
  }

  @Override
  public Uni<List<QueueName>> names(String prefix, String after, int skip, int most) {
    Throwable failure = failingNames.get();
    if (failure != null) {
      return Uni.createFrom().failure(failure);
    }
    return Uni.createFrom()
        .item(
            () ->
                queues.keySet().stream()
                    .map(QueueName::value)
                    .filter(name -> name.startsWith(prefix) && name.compareTo(after) > 0)
                    .sorted()
                    .skip(skip)
                    .limit(most)
                    .map(QueueName::new)
                    .toList())
        .invoke(names -> namesRead.addAndGet(names.size()));
  }

  @Override
  public Uni<Optional<QueueLayout>> find(QueueName queue) {
    Throwable failure = failingQueues.get(queue);
    return failure == null
        ? Uni.createFrom().item(() -> Optional.ofNullable(queues.get(queue)))
        : Uni.createFrom().failure(failure);
  }
}
