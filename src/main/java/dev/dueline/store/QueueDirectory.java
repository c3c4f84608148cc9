package dev.dueline.store;

import dev.dueline.job.QueueName;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** Knows how many shards each queue has, which is fixed when the queue comes to be. */
public interface QueueDirectory {
  /** The layout of a queue, which comes to be if it did not exist. */
  Uni<QueueLayout> layout(QueueName queue);

  /** The layout of a queue; empty if nothing was ever scheduled or watched in it. */
  Uni<Optional<QueueLayout>> find(QueueName queue);
}
