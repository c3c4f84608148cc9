package dev.dueline.store.redis;

import dev.dueline.job.Shard;
import dev.dueline.store.call.Deadline;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.call.Scheduled.Outcome;
import dev.dueline.store.failure.StoreReplyException;
import dev.dueline.store.redis.layout.RecordCodec;
import dev.dueline.store.redis.layout.RequestIdCodec;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.script.job.ScheduleCall;
import dev.dueline.store.redis.topology.Replication;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Stores jobs, none of them after its deadline, and none once a reply has been waited for as long
 * as the store is: wherever it waited until then, Redis refuses it. Where the connection breaks
 * sooner, it counts as failed and may still be carried out in what is left of that time.
 */
final class RedisSchedule {
  private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(1);
  private static final Duration LONGEST_WINDOW = Duration.ofDays(1);

  private final ScriptRunner scripts;
  private final Replication replication;
  private final Duration window;
  private final RedisExpiry expiry;

  /**
   * Sends nothing yet.
   *
   * @param window for which requests are known by their ids
   */
  RedisSchedule(
      ScriptRunner scripts, Replication replication, Duration window, RedisExpiry expiry) {
    if (window.compareTo(SHORTEST_WINDOW) < 0 || window.compareTo(LONGEST_WINDOW) > 0) {
      throw new IllegalArgumentException("dueline.requests.window: 1s to 1d");
    }
    this.scripts = scripts;
    this.replication = replication;
    this.window = window;
    this.expiry = expiry;
  }

  /** How long requests are known by their ids, ms. */
  long windowMs() {
    return window.toMillis();
  }

  Uni<List<Scheduled>> schedule(Shard shard, List<ScheduleItem> items) {
    return Uni.createFrom()
        .deferred(
            () -> {
              Deadline ofReply = scripts.ofReply();
              Attempt attempt =
                  new Attempt(
                      shard, items.stream().map(item -> item.noLaterThan(ofReply)).toList());
              // Where Redis's clock was set forward, its reply says to what; then they are in time.
              return attempt.send().chain(() -> attempt.send()).map(done -> attempt.results());
            });
  }

  /** Items on their way, and what became of them so far: nothing, as if they had been too late. */
  private final class Attempt {
    private final Shard shard;
    private final List<ScheduleItem> items;
    private final Scheduled[] results;

    Attempt(Shard shard, List<ScheduleItem> items) {
      this.shard = shard;
      this.items = items;
      this.results = new Scheduled[items.size()];
      Arrays.fill(results, Scheduled.TOO_LATE);
    }

    List<Scheduled> results() {
      return Arrays.asList(results);
    }

    /** Sends those that were refused as too late and are not; does nothing where there are none. */
    Uni<Void> send() {
      int[] places =
          IntStream.range(0, results.length)
              .filter(i -> results[i].outcome() == Outcome.TOO_LATE)
              .filter(i -> !items.get(i).deadline().isPassed())
              .toArray();
      return places.length == 0 ? Uni.createFrom().voidItem() : send(places);
    }

    private Uni<Void> send(int[] places) {
      List<ScheduleCall.Item> sent =
          Arrays.stream(places).mapToObj(i -> item(items.get(i))).toList();
      return expiry
          .withRoom(shard, sent, RedisSchedule::isFull, part -> store(shard, part))
          .invoke(
              replies -> {
                if (replies.size() != places.length) {
                  throw new StoreReplyException("a reply for " + replies.size() + " items", null);
                }
                for (int i = 0; i < places.length; i++) {
                  results[places[i]] = replies.get(i);
                }
              })
          .replaceWithVoid();
    }
  }

  private Uni<List<Scheduled>> store(Shard shard, List<ScheduleCall.Item> items) {
    return expiry.each(
        shard,
        items,
        ScheduleCall.Item::id,
        part -> scripts.run(new ScheduleCall(shard, windowMs(), part), replication));
  }

  private static boolean isFull(Scheduled scheduled) {
    return scheduled.outcome() == Outcome.QUEUE_FULL;
  }

  private ScheduleCall.Item item(ScheduleItem item) {
    byte[] encoded = RecordCodec.encode(item.job());
    return new ScheduleCall.Item(
        item.job().id(),
        item.onConflict(),
        encoded,
        RequestIdCodec.encode(item, encoded),
        scripts.at(item.deadline()));
  }
}
