package dev.dueline.store;

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

  /**
   * The layouts of queues in order of their names. The time is that of looking through all names,
   * in bounded steps.
   *
   * @param prefix that the names have
   * @param after the names come behind it; empty: from the first
   * @param most how many at most
   */
  Uni<List<QueueLayout>> list(String prefix, String after, int most);
}
