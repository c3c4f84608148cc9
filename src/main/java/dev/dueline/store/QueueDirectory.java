package dev.dueline.store;

import dev.dueline.job.QueueName;
import io.smallrye.mutiny.Uni;

/** Knows how many shards each queue has, which is fixed when the queue comes to be. */
public interface QueueDirectory {
  /** The layout of a queue, which comes to be if it did not exist. */
  Uni<QueueLayout> layout(QueueName queue);
}
