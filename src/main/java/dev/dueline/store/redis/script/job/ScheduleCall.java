package dev.dueline.store.redis.script.job;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.Shard;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.redis.layout.RecordCodec;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.layout.RequestIdCodec;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stores jobs; empty: the job that has the id is over, and is to be ended first.
 *
 * @param windowMs for which a request is known by its id
 */
public record ScheduleCall(Shard shard, long windowMs, List<Item> items)
    implements ShardCall<List<Optional<Scheduled>>> {
  /**
   * One job.
   *
   * @param request as {@link RecordCodec#encode} gives it
   * @param requestId as {@link RequestIdCodec#encode} gives it
   * @param notAfterMs by the store's clock; 0: at any time
   */
  public record Item(
      JobId id, ConflictPolicy conflict, byte[] request, byte[] requestId, long notAfterMs) {}

  @Override
  public boolean makesQueue() {
    return true;
  }

  @Override
  public Script script() {
    return Script.SCHEDULE;
  }

  @Override
  public List<byte[]> keys() {
    return RedisKeys.withRequests(
        shard, items.stream().anyMatch(item -> item.requestId.length > 0));
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(windowMs);
    items.forEach(
        item ->
            arguments
                .add(item.id)
                .add(item.conflict)
                .add(item.request)
                .add(item.requestId)
                .add(item.notAfterMs));
  }

  @Override
  public List<Optional<Scheduled>> read(Reply reply) {
    return reply.rows(
        () ->
            scheduled(
                reply.codeUnlessOver(Scheduled.Outcome.values()),
                reply.number(),
                reply.codeOrNull(JobState.values())));
  }

  private static Optional<Scheduled> scheduled(
      Optional<Scheduled.Outcome> outcome, long dueMs, @Nullable JobState state) {
    return outcome.map(each -> new Scheduled(each, dueMs, state));
  }
}
