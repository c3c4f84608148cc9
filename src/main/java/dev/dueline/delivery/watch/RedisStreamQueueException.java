package dev.dueline.delivery.watch;

import dev.dueline.job.QueueName;

/** Nobody can watch a queue: its jobs go to Redis Streams. */
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
