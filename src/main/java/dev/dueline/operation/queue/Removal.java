package dev.dueline.operation.queue;

import dev.dueline.job.QueueName;
import dev.dueline.operation.queue.QueueRefusedException.Reason;
import dev.dueline.store.queue.Deletion;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.ShardStats;
import io.smallrye.mutiny.Uni;

/** Deletes queues. */
public final class Removal {
  /** While jobs come and go, a queue may look empty and not be deleted for it. */
  private static final int ATTEMPTS = 3;

  private final Queues queues;
  private final QueueDirectory directory;

  Removal(Queues queues, QueueDirectory directory) {
    this.queues = queues;
    this.directory = directory;
  }

  /**
   * Deletes a queue with its settings and counters; gives how many jobs went with it. A job that is
   * scheduled at the same time lets it stay, or creates it anew. Fails with {@link
   * QueueRefusedException} if there is no such queue, or it is delivered to a Redis Stream, and
   * with {@link QueueNotEmptyException}.
   *
   * @param isForced also with jobs, leased ones too, and what its Redis Streams still hold
   */
  public Uni<Long> queue(QueueName queue, boolean isForced) {
    return queue(queue, isForced, ATTEMPTS);
  }

  private Uni<Long> queue(QueueName queue, boolean isForced, int attempts) {
    return queues
        .with(queue, layout -> attempt(layout, isForced))
        .chain(
            done -> {
              if (done.isDone()) {
                return Uni.createFrom().item(done.jobs());
              }
              return attempts > 1
                  ? queue(queue, isForced, attempts - 1)
                  : Uni.createFrom().failure(new QueueNotEmptyException(queue, done));
            });
  }

  private Uni<Deletion> attempt(QueueLayout layout, boolean isForced) {
    return queues
        .view(layout)
        .chain(
            view -> {
              if (view.target() != null) {
                throw new QueueRefusedException(layout.queue(), Reason.DELIVERED_TO_STREAM);
              }
              long jobs =
                  view.sum(ShardStats::pending)
                      + view.sum(ShardStats::leased)
                      + view.sum(ShardStats::dead);
              if (jobs > 0 && !isForced) {
                throw new QueueNotEmptyException(view);
              }
              return directory.delete(layout, isForced);
            });
  }
}
