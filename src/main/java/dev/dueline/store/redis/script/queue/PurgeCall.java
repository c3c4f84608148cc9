package dev.dueline.store.redis.script.queue;

import dev.dueline.job.JobState;
import dev.dueline.job.Shard;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;

/**
 * Deletes the first jobs of an index.
 *
 * @param state pending or dead
 */
public record PurgeCall(Shard shard, JobState state, int most)
    implements ShardCall<QueueStore.Purged> {
  @Override
  public Script script() {
    return Script.PURGE;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(state).add(most);
  }

  @Override
  public QueueStore.Purged read(Reply reply) {
    return new QueueStore.Purged((int) reply.number(), reply.number());
  }
}
