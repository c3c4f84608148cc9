package dev.dueline.store.redis.script.job;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.Shard;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.redis.layout.RecordCodec;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.List;

/** Stores jobs. */
public record ScheduleCall(Shard shard, List<Item> items) implements ShardCall<List<Scheduled>> {
  /**
   * One job.
   *
   * @param request as {@link RecordCodec#encode} gives it
   */
  public record Item(JobId id, ConflictPolicy conflict, byte[] request) {}

  /** A call that stores these. */
  public static ScheduleCall of(Shard shard, List<ScheduleItem> items) {
    return new ScheduleCall(shard, items.stream().map(ScheduleCall::item).toList());
  }

  private static Item item(ScheduleItem item) {
    return new Item(item.job().id(), item.onConflict(), RecordCodec.encode(item.job()));
  }

  @Override
  public boolean makesQueue() {
    return true;
  }

  @Override
  public Script script() {
    return Script.SCHEDULE;
  }

  @Override
  public void addTo(Arguments arguments) {
    items.forEach(item -> arguments.add(item.id).add(item.conflict).add(item.request));
  }

  @Override
  public List<Scheduled> read(Reply reply) {
    return reply.rows(
        () ->
            new Scheduled(
                reply.code(Scheduled.Outcome.values()),
                reply.number(),
                reply.codeOrNull(JobState.values())));
  }
}
