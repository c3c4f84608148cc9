package dev.dueline.delivery.shard;

import dev.dueline.delivery.context.WakeSource;
import dev.dueline.store.due.DueReply;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/**
 * How the due jobs of one shard leave it: to watchers, or to its Redis Stream. What {@link
 * ShardLoop} leaves open. Called on the event loop.
 *
 * @param <R> the store's reply
 */
public interface Outlet<R extends DueReply> {
  /**
   * Prepares to ask the store for due jobs.
   *
   * @param isLook whether to ask even if nobody takes a job, to learn when the next one is due
   * @return empty: nobody takes a job, and whoever does next wakes the loop
   */
  Optional<Request<R>> request(boolean isLook);

  /** Whether the last request found nobody, so that the loop is woken for whoever takes a job. */
  default boolean isWaiting() {
    return false;
  }

  /** What the store is said to be asked for when jobs were left over by the request before. */
  default WakeSource backlogSource() {
    return WakeSource.TIMER;
  }

  /** The store answers again after a failure. */
  default void recovered() {}

  /** The loop has ended. */
  void close();

  /** One call to the store for due jobs. */
  interface Request<R extends DueReply> {
    /** Asks; the Uni completes on any thread. */
    Uni<R> send();

    /** Takes the jobs that came. */
    void handOver(R reply, WakeSource source);

    /** The loop has begun to sleep, or to ask again: what it leaves is for other shards. */
    default void settled() {}

    /** Nothing came, but the store may have done what it was asked. */
    default void failed(Throwable problem) {}
  }
}
