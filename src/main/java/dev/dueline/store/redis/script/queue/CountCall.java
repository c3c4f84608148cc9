package dev.dueline.store.redis.script.queue;

import dev.dueline.job.JobState;
import dev.dueline.job.Shard;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.List;

/**
 * Counts the jobs in one state between times.
 *
 * @param maxDeadAgeMs how long dead jobs are kept
 */
public record CountCall(Shard shard, JobState state, long maxDeadAgeMs, List<Long> boundaryMs)
    implements ShardCall<List<Long>> {
  @Override
  public Script script() {
    return Script.COUNT;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(state).add(maxDeadAgeMs);
    boundaryMs.forEach(arguments::add);
  }

  @Override
  public List<Long> read(Reply reply) {
    return reply.rows(reply::number);
  }
}
