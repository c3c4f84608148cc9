package dev.dueline.store.queue;

import dev.dueline.job.QueueName;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;

/**
 * Deals the queues of the registry to the replicas that look after them, in rounds: each queue to
 * one replica a round, and over all replicas not more shards a second than may be. Nobody decides
 * who is next but the store, so replicas come and go as they like.
 */
public interface QueueTurns {
  /** Takes the next turn, if there is one already. */
  Uni<Turn> take();

  /**
   * Queues to look after.
   *
   * @param queues empty: it is too early, or there are none
   * @param next how long until there is another turn, for whoever comes first
   */
  record Turn(List<QueueName> queues, Duration next) {}
}
