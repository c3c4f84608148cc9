package dev.dueline.store.queue;

import dev.dueline.job.QueueName;
import dev.dueline.store.failure.StaleLayoutException;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Knows how many shards each queue has, which is fixed when the queue is created. The store may
 * lose a queue, or get it back with another number; whoever still calls by what was told before
 * fails with {@link StaleLayoutException}, and finds here what holds now.
 */
public interface QueueDirectory {
  /** The layout of a queue, which is created if it does not exist. */
  Uni<QueueLayout> layout(QueueName queue);

  /** The layout of a queue; empty: there is none of that name. */
  Uni<Optional<QueueLayout>> find(QueueName queue);

  /** The layout of a queue, or the one that it would have if it were created here now. */
  Uni<QueueLayout> expected(QueueName queue);

  /**
   * Makes a call on a queue, which is created if it does not exist; and makes it again with the
   * layout that holds by then, if the store says that another one does and so nothing was done.
   */
  default <T> Uni<T> with(QueueName queue, Function<QueueLayout, Uni<T>> call) {
    return again(Uni.createFrom().deferred(() -> layout(queue)).chain(call::apply));
  }

  /** The same, where the queue is not created; empty: there is none. */
  default <T> Uni<T> withFound(QueueName queue, Function<Optional<QueueLayout>, Uni<T>> call) {
    return again(Uni.createFrom().deferred(() -> find(queue)).chain(call::apply));
  }

  private static <T> Uni<T> again(Uni<T> call) {
    return call.onFailure(StaleLayoutException.class).retry().atMost(2);
  }

  /**
   * Deletes a queue: its jobs, its settings, its name. A job that is scheduled at the same time is
   * never lost but by force: either the queue stays, or it is created again. Can be repeated.
   *
   * @param isForced also if jobs are in it, or entries in its Redis Streams
   */
  Uni<Deletion> delete(QueueLayout layout, boolean isForced);

  /**
   * Deletes a queue that has been idle for a time, as {@link #delete} does without force; gives
   * whether it is gone. A queue is idle while it has no jobs, its Redis Streams have no entries,
   * nobody watches it, it is not paused, and neither has limits nor is delivered to Redis Streams.
   * That counts, by the store's clock, from the first of these calls that finds it so, and begins
   * anew where a job was scheduled since, a replica told of its watchers, something was set, or the
   * clock was set back. A use at the same time lets the queue stay, or creates it anew. Fails with
   * {@link StaleLayoutException} where the layout is not what the queue has.
   *
   * @param atLeast 1 ms or more
   */
  Uni<Boolean> deleteIdle(QueueLayout layout, Duration atLeast);

  /** The layouts of queues. Never fails: what cannot be told of one keeps back no other. */
  Uni<Found> layouts(List<QueueName> queues);

  /**
   * What was found of some queues.
   *
   * @param layouts in the order in which they were asked for, without those that there are not
   * @param failed those of which nothing can be told, and why
   */
  record Found(List<QueueLayout> layouts, Map<QueueName, RuntimeException> failed) {}

  /**
   * The first names of queues that begin so, in order. The time is that of what is read, and little
   * for what is skipped.
   *
   * @param prefix that the names have
   * @param after the names come behind it; empty: from the first
   * @param skip how many of them to leave out first
   * @param most how many at most
   */
  Uni<List<QueueName>> names(String prefix, String after, int skip, int most);
}
