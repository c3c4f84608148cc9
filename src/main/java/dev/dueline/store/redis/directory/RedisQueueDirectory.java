package dev.dueline.store.redis.directory;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.failure.StoreDataException;
import dev.dueline.store.queue.Deletion;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.ShardPlan;
import dev.dueline.store.redis.directory.LayoutRecords.Entry;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.topology.RedisGateway;
import dev.dueline.store.redis.topology.Replication;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The queues in Redis, and a copy of what was read of their layouts. Nobody need trust the copy:
 * each script holds it against what its shard says, and where they differ {@link #settle} finds out
 * what holds now. Thread-safe.
 */
public final class RedisQueueDirectory implements QueueDirectory, ScriptRunner.Layouts {
  /** Queues to remember; beyond that all are forgotten and read again. */
  private static final int MAX_REMEMBERED = 100_000;

  /** Names that one step of {@link #compare} reads: some 0.2 ms of Redis's time. */
  private static final int STEP = 1_000;

  private final ScriptRunner scripts;
  private final LayoutRecords records;
  private final Settlement settlement;
  private final IdleTime idleTime;
  private final ShardPlan plan;
  private final QueueIndex index;
  private final Map<QueueName, QueueLayout> known = new ConcurrentHashMap<>();

  /** Guarded by this. */
  private Iterator<QueueLayout> next = Collections.emptyIterator();

  /**
   * Sends nothing yet.
   *
   * @param plan how many shards a queue gets when it is created
   * @param replication who must have an entry: without it nobody would find the jobs
   */
  public RedisQueueDirectory(
      RedisGateway gateway,
      ScriptRunner scripts,
      QueueIndex index,
      ShardPlan plan,
      Replication replication) {
    this.scripts = scripts;
    this.records = new LayoutRecords(gateway, scripts, replication);
    this.settlement = new Settlement(records);
    this.plan = plan;
    this.index = index;
    this.idleTime = new IdleTime(scripts.with(this));
  }

  @Override
  public Uni<QueueLayout> layout(QueueName queue) {
    return find(queue)
        .chain(
            found ->
                found.isPresent()
                    ? Uni.createFrom().item(found.get())
                    : records
                        .make(queue, plan.shardsOf(queue))
                        .invoke(this::remember)
                        .onFailure()
                        .invoke(scripts::met));
  }

  @Override
  public Uni<Optional<QueueLayout>> find(QueueName queue) {
    return Uni.createFrom()
        .deferred(
            () -> {
              QueueLayout layout = known.get(queue);
              return layout != null
                  ? Uni.createFrom().item(Optional.of(layout))
                  : records
                      .find(queue)
                      .invoke(found -> found.ifPresent(this::remember))
                      .onFailure()
                      .invoke(scripts::met);
            });
  }

  @Override
  public Uni<QueueLayout> expected(QueueName queue) {
    return find(queue)
        .map(found -> found.orElseGet(() -> new QueueLayout(queue, plan.shardsOf(queue))));
  }

  @Override
  public Uni<Deletion> delete(QueueLayout layout, boolean isForced) {
    return delete(layout, isForced, 0);
  }

  private Uni<Deletion> delete(QueueLayout layout, boolean isForced, long idleMs) {
    return Uni.createFrom()
        .deferred(() -> new QueueDeletion(records, scripts, layout, isForced, idleMs).run())
        .onTermination()
        .invoke(() -> known.remove(layout.queue()));
  }

  @Override
  public Uni<Boolean> deleteIdle(QueueLayout layout, Duration atLeast) {
    long idleMs = atLeast.toMillis();
    return idleTime
        .isAtLeast(layout, idleMs)
        .chain(
            isIdle ->
                isIdle
                    ? delete(layout, false, idleMs).map(Deletion::isDone)
                    : Uni.createFrom().item(false));
  }

  @Override
  public Uni<Found> layouts(List<QueueName> queues) {
    Map<QueueName, RuntimeException> failed = new LinkedHashMap<>();
    // Its own, since what is remembered may be forgotten meanwhile.
    Map<QueueName, QueueLayout> found = new HashMap<>();
    queues.forEach(each -> found.computeIfAbsent(each, known::get));
    List<QueueName> unknown = queues.stream().filter(each -> !found.containsKey(each)).toList();
    Uni<?> look =
        unknown.isEmpty()
            ? Uni.createFrom().voidItem()
            : records
                .entries(unknown)
                .invoke(entries -> entries.forEach(entry -> read(entry, found, failed)))
                .replaceWithVoid()
                .onFailure()
                .invoke(scripts::met)
                .onFailure(RuntimeException.class)
                .recoverWithItem(
                    failure -> {
                      unknown.forEach(each -> failed.put(each, (RuntimeException) failure));
                      return null;
                    });
    return look.map(
        done ->
            new Found(
                queues.stream().map(found::get).flatMap(Stream::ofNullable).toList(), failed));
  }

  private void read(
      Entry entry, Map<QueueName, QueueLayout> found, Map<QueueName, RuntimeException> failed) {
    try {
      if (!entry.isMissing()) {
        found.put(entry.layout().queue(), entry.layout());
        remember(entry.layout());
      }
    } catch (StoreDataException e) {
      scripts.met(e);
      failed.put(entry.queue(), e);
    }
  }

  @Override
  public Uni<List<QueueName>> names(String prefix, String after, int skip, int most) {
    return index.names(prefix, after, skip, most);
  }

  @Override
  public Uni<Void> settle(Shard shard, boolean makes) {
    known.remove(shard.queue());
    return settlement
        .settle(shard, makes)
        .invoke(() -> remember(new QueueLayout(shard.queue(), shard.of())))
        .onFailure()
        .invoke(scripts::met)
        // Whoever gives the call up leaves no shard open of a queue that is gone.
        .memoize()
        .indefinitely();
  }

  /**
   * Holds the next few of the layouts that are remembered against the registry. An entry that is
   * lost is written again where the first shard of the queue still says what it was; a queue of
   * which nothing is left is forgotten.
   */
  public Uni<Void> compare() {
    return Uni.createFrom()
        .deferred(
            () -> {
              List<QueueLayout> some = some();
              return some.isEmpty()
                  ? Uni.createFrom().voidItem()
                  : records
                      .entries(some.stream().map(QueueLayout::queue).toList())
                      .chain(entries -> ShardCalls.each(wrong(some, entries), this::again))
                      .replaceWithVoid();
            });
  }

  private synchronized List<QueueLayout> some() {
    if (!next.hasNext()) {
      next = known.values().iterator();
    }
    List<QueueLayout> some = new ArrayList<>();
    while (some.size() < STEP && next.hasNext()) {
      some.add(next.next());
    }
    return some;
  }

  private static List<QueueLayout> wrong(List<QueueLayout> some, List<Entry> entries) {
    List<QueueLayout> wrong = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      if (!entries.get(i).fits(some.get(i))) {
        wrong.add(some.get(i));
      }
    }
    return wrong;
  }

  private Uni<Boolean> again(QueueLayout layout) {
    known.remove(layout.queue(), layout);
    return records
        .agree(layout.queue(), false)
        .invoke(found -> found.ifPresent(this::remember))
        .map(Optional::isPresent)
        .onFailure()
        .invoke(scripts::met)
        .onFailure()
        .recoverWithItem(false);
  }

  private void remember(QueueLayout layout) {
    if (known.size() >= MAX_REMEMBERED) {
      known.clear();
    }
    known.put(layout.queue(), layout);
  }
}
