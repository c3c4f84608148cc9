package dev.dueline.store.redis.script.queue;

import dev.dueline.job.JobId;
import dev.dueline.job.Shard;
import dev.dueline.job.recurrence.RunEnd;
import dev.dueline.store.due.Destination;
import dev.dueline.store.due.Fed;
import dev.dueline.store.redis.layout.RecordCodec;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import dev.dueline.store.redis.script.lease.RunOutcome;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves due jobs to the Redis Stream of a shard.
 *
 * @param most jobs to look at
 * @param maxBytes of records to move
 * @param runs that an earlier call returned, and how they end
 */
public record FeedCall(Shard shard, int most, int maxBytes, List<Run> runs)
    implements ShardCall<FeedCall.Step> {
  /**
   * A run that is over once its job was moved.
   *
   * @param record without payload, as it was read
   */
  public record Run(JobId id, byte[] record, RunOutcome outcome) {}

  /** What was moved, and the runs whose next ones have to be known first. */
  public record Step(Fed fed, List<Run> runs) {}

  @Override
  public Script script() {
    return Script.FEED;
  }

  @Override
  public List<byte[]> keys() {
    return RedisKeys.withStream(shard);
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(most).add(maxBytes);
    runs.forEach(run -> run.outcome.addTo(arguments.add(run.id).add(run.record)));
  }

  @Override
  public Step read(Reply reply) {
    Destination destination = reply.flag() ? Destination.REDIS_STREAM : Destination.WATCHERS;
    long next = reply.timeMs();
    long nextExpiry = reply.timeMs();
    Fed.Hold hold = reply.code(Fed.Hold.values());
    int dropped = (int) reply.number();
    List<Long> moved = new ArrayList<>();
    for (long left = reply.number(); left > 0; left--) {
      moved.add(reply.number());
    }
    return new Step(
        new Fed(reply.nowUs(), destination, next, nextExpiry, hold, dropped, moved),
        reply.rows(() -> run(reply.jobId(), reply.flag(), reply.bytes(), reply.nowMs())));
  }

  private static Run run(JobId id, boolean isLate, byte[] record, long nowMs) {
    RunEnd end = isLate ? RunEnd.EXPIRED : RunEnd.COMPLETED;
    return new Run(id, record, RunOutcome.of(RecordCodec.decode(id, record), end, nowMs));
  }
}
