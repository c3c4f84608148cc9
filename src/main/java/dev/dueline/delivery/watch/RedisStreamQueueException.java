package dev.dueline.delivery.watch;

import dev.dueline.job.QueueName;

/** Jobs of a queue go to a stream, so that nobody can watch it. */
public final class RedisStreamQueueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String queue;

  public RedisStreamQueueException(QueueName queue) {
    super("queue " + queue + " is delivered to a stream");
    this.queue = queue.value();
  }

  /** The queue. */
  public QueueName queue() {
    return new QueueName(queue);
  }
}
