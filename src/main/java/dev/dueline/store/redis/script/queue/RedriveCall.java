package dev.dueline.store.redis.script.queue;

import dev.dueline.job.JobId;
import dev.dueline.job.Shard;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.List;

/**
 * Makes dead jobs due again, and says how many.
 *
 * @param most the longest dead first; 0: those with the ids
 */
public record RedriveCall(Shard shard, int most, QueueStore.Spread spread, List<JobId> ids)
    implements ShardCall<Integer> {
  @Override
  public Script script() {
    return Script.REDRIVE;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(most).add(spread.fromMs()).add(spread.toMs());
    ids.forEach(arguments::add);
  }

  @Override
  public Integer read(Reply reply) {
    return (int) reply.number();
  }
}
