package dev.dueline.store.queue;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.due.Fed;
import io.smallrye.mutiny.Uni;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Streams as a second way out of a queue. What holds is what each shard says; the names of the
 * queues only tell replicas where to look. Thread-safe; nothing happens before a Uni is subscribed,
 * and each subscription is a bounded step that can be repeated.
 */
public interface RedisStreamStore {
  /** Most queues that are delivered to streams: every replica reads their names each second. */
  int MAX_QUEUES = 1_000;

  /** The queues to look at. */
  Uni<Set<QueueName>> queues();

  /** Lets replicas look at a queue, before its first shard is delivered to a stream. */
  Uni<Void> enter(QueueName queue);

  /** Replicas need not look at a queue, all of whose shards are delivered to watchers. */
  Uni<Void> leave(QueueName queue);

  /**
   * Chooses how due jobs leave a shard.
   *
   * @param target null: to watchers
   * @return false: jobs are leased, and all is as it was
   */
  Uni<Boolean> deliver(Shard shard, @Nullable RedisStreamTarget target);

  /**
   * Moves due jobs to the stream, the earliest first. One that recurs goes there with each run, and
   * its next run is set in the same step.
   *
   * @param most at most {@link JobStore#MAX_BATCH}; those that recur may come on top
   */
  Uni<Fed> feed(Shard shard, int most);

  /** The name under which consumers find the stream of a shard. */
  String key(Shard shard);
}
