package dev.dueline.operation.queue;

import dev.dueline.access.QueuePatterns;
import dev.dueline.job.JobState;
import dev.dueline.job.QueueName;
import dev.dueline.operation.turn.FairTurns;
import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * Looks at queues for callers who may ask for much at once: so many calls go on together, of those
 * who wait one of each owner in turn. Otherwise the commands of one caller's calls, one or more a
 * shard, could be all that may wait for Redis.
 */
public final class QueueReads {
  /**
   * Calls at once. Each has at most 256 commands out (a page of queues; others 16), so together an
   * eighth of what may wait for a connection to Redis.
   */
  static final int CONCURRENT_CALLS = 8;

  private final Queues queues;
  private final JobCount count;
  private final FairTurns turns = new FairTurns(CONCURRENT_CALLS);

  QueueReads(Queues queues, JobCount count) {
    this.queues = queues;
    this.count = count;
  }

  /**
   * As {@link Queues#find}.
   *
   * @param owner who asks
   */
  public Uni<QueueView> find(Object owner, QueueName name) {
    return turns.take(owner, () -> queues.find(name));
  }

  /**
   * As {@link Queues#list}.
   *
   * @param owner who asks
   */
  public Uni<Queues.Page> list(
      Object owner, QueuePatterns visible, String prefix, int size, QueuePlace from) {
    return turns.take(owner, () -> queues.list(visible, prefix, size, from));
  }

  /**
   * As {@link JobCount#between}.
   *
   * @param owner who asks
   */
  public Uni<List<Long>> count(
      Object owner, QueueName queue, JobState state, List<Long> boundariesMs) {
    return turns.take(owner, () -> count.between(queue, state, boundariesMs));
  }
}
