package dev.dueline.delivery.redisstream;

import dev.dueline.delivery.context.DeliveryObserver;
import dev.dueline.delivery.context.RedisStreamState;
import dev.dueline.delivery.context.WakeSource;
import dev.dueline.delivery.shard.Outlet;
import dev.dueline.job.Shard;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.Destination;
import dev.dueline.store.due.Fed;
import dev.dueline.store.failure.StaleLayoutException;
import dev.dueline.store.queue.RedisStreamStore;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/**
 * Moves the due jobs of one shard to its Redis Stream, which needs nobody's credit. Every replica
 * does so; whoever comes first moves them, and the others find nothing.
 */
final class RedisStreamOutlet implements Outlet<Fed>, Outlet.Request<Fed> {
  /** Jobs in one call; keeps Redis responsive while a backlog drains. */
  private static final int MAX_JOBS = 64;

  private final Shard shard;
  private final RedisStreamStore store;
  private final DeliveryObserver observer;
  private RedisStreamState state = RedisStreamState.NONE;
  private boolean isWanted = true;
  private boolean isStale;
  private boolean isClosed;

  RedisStreamOutlet(Shard shard, RedisStreamStore store, DeliveryObserver observer) {
    this.shard = shard;
    this.store = store;
    this.observer = observer;
  }

  /**
   * Whether the shard said last that its jobs go to a Redis Stream; true until it said anything.
   */
  boolean isWanted() {
    return isWanted;
  }

  /** Whether the queue has other shards by now, or is gone. */
  boolean isStale() {
    return isStale;
  }

  @Override
  public Optional<Request<Fed>> request(boolean isLook) {
    return Optional.of(this);
  }

  @Override
  public Uni<Fed> send() {
    return store.feed(shard, MAX_JOBS);
  }

  @Override
  public void handOver(Fed fed, WakeSource source) {
    isWanted = fed.destination() == Destination.REDIS_STREAM;
    observer.fed(shard, source, fed);
    if (!isClosed) {
      become(next(fed));
    }
  }

  @Override
  public void failed(Throwable problem) {
    isStale |= problem instanceof StaleLayoutException;
  }

  @Override
  public void close() {
    isClosed = true;
    become(RedisStreamState.NONE);
  }

  /** A stream that is full counts as such until all that is due went there. */
  private RedisStreamState next(Fed fed) {
    if (!isWanted) {
      return RedisStreamState.NONE;
    }
    boolean isDue = fed.nextMs() != Claim.NONE && fed.nextMs() * 1_000 <= fed.nowUs();
    boolean isBehind = isDue || fed.isHeld();
    return fed.hold() == Fed.Hold.FULL || (state == RedisStreamState.FULL && isBehind)
        ? RedisStreamState.FULL
        : RedisStreamState.OPEN;
  }

  private void become(RedisStreamState next) {
    if (next != state) {
      observer.redisStreamChanged(shard, state, next);
      state = next;
    }
  }
}
