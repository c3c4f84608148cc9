package dev.dueline.store.redis;

import dev.dueline.job.Shard;
import dev.dueline.store.call.Deadline;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.call.Scheduled.Outcome;
import dev.dueline.store.redis.layout.RecordCodec;
import dev.dueline.store.redis.layout.RequestIdCodec;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.script.job.ScheduleCall;
import dev.dueline.store.redis.topology.Replication;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Stores jobs, none of them after its deadline, and none once the script counts as failed: wherever
 * it waited until then, Redis refuses it.
 */
final class RedisSchedule {
  private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(1);
  private static final Duration LONGEST_WINDOW = Duration.ofDays(1);

  private final ScriptRunner scripts;
  private final Replication replication;
  private final Duration window;

  /**
   * Sends nothing yet.
   *
   * @param window for which requests are known by their ids
   */
  RedisSchedule(ScriptRunner scripts, Replication replication, Duration window) {
    if (window.compareTo(SHORTEST_WINDOW) < 0 || window.compareTo(LONGEST_WINDOW) > 0) {
      throw new IllegalArgumentException("dueline.requests.window: 1s to 1d");
    }
    this.scripts = scripts;
    this.replication = replication;
    this.window = window;
  }

  Uni<List<Scheduled>> schedule(Shard shard, List<ScheduleItem> items) {
    Deadline ofReply = scripts.ofReply();
    List<Deadline> deadlines = items.stream().map(item -> item.deadline().or(ofReply)).toList();
    return send(shard, items, deadlines)
        .chain(
            results -> {
              List<Integer> early =
                  IntStream.range(0, items.size())
                      .filter(i -> results.get(i).outcome() == Outcome.TOO_LATE)
                      .filter(i -> !deadlines.get(i).isPassed())
                      .boxed()
                      .toList();
              return early.isEmpty()
                  ? Uni.createFrom().item(results)
                  : again(shard, items, deadlines, results, early);
            });
  }

  /**
   * Redis's clock was set forward, and its reply says to what: those that it refused for that are
   * sent once more.
   */
  private Uni<List<Scheduled>> again(
      Shard shard,
      List<ScheduleItem> items,
      List<Deadline> deadlines,
      List<Scheduled> results,
      List<Integer> early) {
    return send(
            shard,
            early.stream().map(items::get).toList(),
            early.stream().map(deadlines::get).toList())
        .map(
            better -> {
              List<Scheduled> all = new ArrayList<>(results);
              IntStream.range(0, early.size()).forEach(i -> all.set(early.get(i), better.get(i)));
              return all;
            });
  }

  private Uni<List<Scheduled>> send(
      Shard shard, List<ScheduleItem> items, List<Deadline> deadlines) {
    List<ScheduleCall.Item> all =
        IntStream.range(0, items.size())
            .mapToObj(i -> item(items.get(i), scripts.at(deadlines.get(i))))
            .toList();
    return scripts.run(new ScheduleCall(shard, window.toMillis(), all), replication);
  }

  private static ScheduleCall.Item item(ScheduleItem item, long notAfterMs) {
    return new ScheduleCall.Item(
        item.job().id(),
        item.onConflict(),
        RecordCodec.encode(item.job()),
        RequestIdCodec.encode(item),
        notAfterMs);
  }
}
