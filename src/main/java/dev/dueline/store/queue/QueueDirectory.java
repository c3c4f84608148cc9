package dev.dueline.store.queue;

import dev.dueline.job.QueueName;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/** Knows how many shards each queue has, which is fixed when the queue comes to be. */
public interface QueueDirectory {
  /** The layout of a queue, which comes to be if it did not exist. */
  Uni<QueueLayout> layout(QueueName queue);

  /** The layout of a queue; empty if nothing was ever scheduled or watched in it. */
  Uni<Optional<QueueLayout>> find(QueueName queue);

  /** The layouts of queues, in their order, without those that there are not. */
  Uni<List<QueueLayout>> layouts(List<QueueName> queues);

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
