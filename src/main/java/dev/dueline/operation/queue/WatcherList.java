package dev.dueline.operation.queue;

import dev.dueline.delivery.news.WatcherSurvey;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import io.smallrye.mutiny.Uni;

/** Lists who watches a queue. */
public final class WatcherList {
  private final Queues queues;
  private final Source source;

  WatcherList(Queues queues, Source source) {
    this.queues = queues;
    this.source = source;
  }

  /** Knows watchers, as {@link WatcherSurvey#page}. */
  @FunctionalInterface
  public interface Source {
    Uni<WatcherSurvey.Page> page(Shard first, WatcherSurvey.Place from, int size);
  }

  /**
   * A page of the watchers of a queue, at all replicas. Fails with {@link QueueRefusedException} if
   * there is no such queue.
   */
  public Uni<WatcherSurvey.Page> page(QueueName queue, WatcherSurvey.Place from, int size) {
    return queues.with(queue, layout -> source.page(layout.shards().get(0), from, size));
  }
}
