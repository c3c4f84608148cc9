package dev.dueline.operation.queue;

import dev.dueline.job.QueueName;

/** What was asked of a queue is refused as things stand. */
public final class QueueRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient QueueName queue;
  private final Reason reason;

  QueueRefusedException(QueueName queue, Reason reason) {
    super(queue + ": " + reason, null, false, false);
    this.queue = queue;
    this.reason = reason;
  }

  /** Why. */
  public enum Reason {
    /** Nothing was scheduled in it since it was last deleted, or ever. */
    NOT_FOUND,
    /** Watchers hold jobs of it, so its delivery cannot change. */
    JOBS_LEASED,
    /** As many queues as may are delivered to Redis Streams. */
    TOO_MANY_STREAM_QUEUES,
    /** Its jobs go to a Redis Stream. */
    DELIVERED_TO_STREAM
  }

  /** The queue. */
  public QueueName queue() {
    return queue;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
