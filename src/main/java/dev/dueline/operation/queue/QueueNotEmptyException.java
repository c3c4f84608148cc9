package dev.dueline.operation.queue;

import dev.dueline.job.QueueName;
import dev.dueline.store.queue.Deletion;
import dev.dueline.store.queue.ShardStats;
import java.util.Map;

/** A queue is not deleted since something is in it. */
public final class QueueNotEmptyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient QueueName queue;
  private final transient Map<String, Long> holds;

  /** Jobs were counted in it. */
  QueueNotEmptyException(QueueView view) {
    this(
        view.layout().queue(),
        Map.of(
            "pending_jobs", view.sum(ShardStats::pending),
            "leased_jobs", view.sum(ShardStats::leased),
            "dead_jobs", view.sum(ShardStats::dead)));
  }

  /** Jobs came meanwhile, or are left in its Redis Streams. */
  QueueNotEmptyException(QueueName queue, Deletion refused) {
    this(queue, Map.of("jobs", refused.jobs(), "stream_entries", refused.entries()));
  }

  private QueueNotEmptyException(QueueName queue, Map<String, Long> holds) {
    super(queue + " holds " + holds, null, false, false);
    this.queue = queue;
    this.holds = holds;
  }

  /** The queue. */
  public QueueName queue() {
    return queue;
  }

  /** What is in it, by name. */
  public Map<String, Long> holds() {
    return holds;
  }
}
