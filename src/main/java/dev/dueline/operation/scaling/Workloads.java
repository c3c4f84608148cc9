package dev.dueline.operation.scaling;

import dev.dueline.delivery.time.EventLoop;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.operation.turn.FairTurns;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.due.Claim;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.ShardStats;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what there is to do in queues. Whoever asks for the same within a second shares one count,
 * a failure too, unless time alone has changed it meanwhile. Thread-safe.
 */
public final class Workloads {
  private static final Duration FRESH = Duration.ofSeconds(1);

  /** More are counted for each who asks. */
  private static final int MAX_KEPT = 1_000;

  /** Calls of owners at once; each has at most 16 commands out. */
  private static final int CONCURRENT_CALLS = 8;

  private final QueueDirectory directory;
  private final QueueStore store;
  private final JobsAhead ahead;
  private final EventLoop loop;
  private final FairTurns turns = new FairTurns(CONCURRENT_CALLS);

  /** The eldest first. Guarded by this. */
  private final Map<Key, Count> counts = new LinkedHashMap<>();

  public Workloads(QueueDirectory directory, QueueStore store, EventLoop loop) {
    this.directory = directory;
    this.store = store;
    this.ahead = new JobsAhead(store);
    this.loop = loop;
  }

  private record Key(QueueName queue, Duration lookahead) {}

  /** One count, under way or done. */
  private final class Count {
    private final long begunNanos = loop.nanoTime();
    private final Uni<Workload> result;
    private volatile @Nullable Workload counted;

    Count(Key key) {
      result = count(key).invoke(workload -> counted = workload).memoize().indefinitely();
    }

    boolean isOld(long nowNanos) {
      return nowNanos - begunNanos >= FRESH.toNanos();
    }

    boolean holds(long nowNanos) {
      Workload known = counted;
      return !isOld(nowNanos) && (known == null || known.holdsForMs(nowNanos) > 0);
    }
  }

  /**
   * What there is to do in a queue; nothing, if there is no such queue.
   *
   * @param lookahead how soon jobs are due that count as if they were
   */
  public Uni<Workload> of(QueueName queue, Duration lookahead) {
    return Uni.createFrom().deferred(() -> shared(new Key(queue, lookahead)));
  }

  /**
   * The same, for one of many who may ask for much at once: of those who wait, each has one in
   * turn.
   *
   * @param owner who asks
   */
  public Uni<Workload> inTurn(Object owner, QueueName queue, Duration lookahead) {
    return turns.take(owner, () -> of(queue, lookahead));
  }

  private synchronized Uni<Workload> shared(Key key) {
    long now = loop.nanoTime();
    Iterator<Count> eldest = counts.values().iterator();
    while (eldest.hasNext() && eldest.next().isOld(now)) {
      eldest.remove();
    }
    Count known = counts.get(key);
    if (known != null && known.holds(now)) {
      return known.result;
    }
    Count count = new Count(key);
    counts.remove(key);
    if (counts.size() < MAX_KEPT) {
      counts.put(key, count);
    }
    return count.result;
  }

  private Uni<Workload> count(Key key) {
    return directory.withFound(
        key.queue(),
        found -> count(found.map(QueueLayout::shards).orElse(List.of()), key.lookahead()));
  }

  private Uni<Workload> count(List<Shard> shards, Duration lookahead) {
    // Before any shard reads its clock: what time brings is then seen early, and never late.
    long begunNanos = loop.nanoTime();
    return ShardCalls.each(shards, shard -> count(shard, lookahead))
        .map(parts -> sum(parts, begunNanos));
  }

  private Uni<Part> count(Shard shard, Duration lookahead) {
    return store
        .stats(shard)
        .chain(
            stats ->
                stats.isPaused()
                    ? Uni.createFrom().item(new Part(stats.leased(), Claim.NONE))
                    : ahead
                        .in(List.of(lookahead), shard, stats)
                        .map(counts -> part(stats, counts.get(0), lookahead)));
  }

  private static Part part(ShardStats stats, long ahead, Duration lookahead) {
    long untilMs = stats.nextDueMs() - lookahead.toMillis() - stats.nowMs();
    // A job within the lookahead that does not count is over its ttl: time brings nothing.
    boolean isToCome = stats.nextDueMs() != Claim.NONE && untilMs > 0;
    return new Part(stats.leased() + ahead, isToCome ? untilMs : Claim.NONE);
  }

  /** What there is to do in one shard. */
  private record Part(long jobs, long untilActiveMs) {}

  private static Workload sum(List<Part> parts, long begunNanos) {
    return new Workload(
        parts.stream().mapToLong(Part::jobs).sum(),
        parts.stream().mapToLong(Part::untilActiveMs).min().orElse(Claim.NONE),
        parts.size(),
        begunNanos);
  }
}
