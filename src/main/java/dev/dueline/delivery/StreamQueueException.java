package dev.dueline.delivery;

import dev.dueline.job.QueueName;

/** Jobs of a queue go to a stream, so that nobody can watch it. */
public final class StreamQueueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String queue;

  StreamQueueException(QueueName queue) {
    super("queue " + queue + " is delivered to a stream");
    this.queue = queue.value();
  }

  /** The queue. */
  public QueueName queue() {
    return new QueueName(queue);
  }
}
