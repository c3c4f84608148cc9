package dev.dueline.operation.clock;

import dev.dueline.delivery.time.MovableClock;
import dev.dueline.delivery.watch.Demand;
import dev.dueline.delivery.watch.Watchers;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.JobStore;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.call.Extension;
import dev.dueline.store.due.Claim;
import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.Upcoming;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks at all queues, and moves the clock. Its calls block, and fail as those of the store. */
final class Lookout {
  static final Upcoming NOTHING =
      new Upcoming(0, 0, true, Claim.NONE, Claim.NONE, 0, false, List.of());

  /** Names of queues in one call. */
  private static final int PAGE = 1_000;

  /** Of one look: beyond what any call of the store may take. */
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final QueueDirectory directory;
  private final JobStore jobs;
  private final QueueStore queues;
  private final Watchers watchers;
  private final MovableClock clock;

  Lookout(
      QueueDirectory directory,
      JobStore jobs,
      QueueStore queues,
      Watchers watchers,
      MovableClock clock) {
    this.directory = directory;
    this.jobs = jobs;
    this.queues = queues;
    this.watchers = watchers;
    this.clock = clock;
  }

  /** Waits for a call; it fails as one whose store is away where it takes too long. */
  static <T> T await(Uni<T> call) {
    return call.ifNoItem()
        .after(TIMEOUT)
        .failWith(() -> new StoreUnavailableException("no answer", null))
        .await()
        .indefinitely();
  }

  /**
   * Looks. Who waits is asked first: whoever takes a job in between has it when the shards are
   * looked at, or is done with it.
   */
  Snapshot look() {
    Demand demand = await(watchers.demand());
    List<Shard> shards = shards();
    List<Upcoming> upcoming = await(ShardCalls.each(shards, queues::next));
    Map<Shard, Upcoming> all = new LinkedHashMap<>();
    for (int i = 0; i < shards.size(); i++) {
      all.put(shards.get(i), upcoming.get(i));
    }
    return new Snapshot(clock.millis(), demand, all);
  }

  /** The shards of all queues, as places: one that is gone meanwhile is empty. */
  List<Shard> shards() {
    return layouts().stream()
        .flatMap(layout -> layout.shards().stream())
        .map(Shard::place)
        .toList();
  }

  List<QueueLayout> layouts() {
    List<QueueLayout> all = new ArrayList<>();
    List<QueueName> names = await(directory.names("", "", 0, PAGE));
    while (!names.isEmpty()) {
      all.addAll(await(directory.layouts(names)).layouts());
      String last = names.get(names.size() - 1).value();
      names = await(directory.names("", last, 0, PAGE));
    }
    return all;
  }

  /** What is over is ended, as its time has come; false: nothing was. */
  boolean endOver(Snapshot snapshot) {
    List<Shard> over = snapshot.over();
    await(ShardCalls.each(over, shard -> jobs.expire(shard, JobStore.MAX_BATCH)));
    return !over.isEmpty();
  }

  /** What the queues count, in all. */
  Tally tally() {
    return await(ShardCalls.each(shards(), queues::stats)).stream()
        .map(Tally::of)
        .reduce(Tally.NOTHING, Tally::plus);
  }

  /**
   * Moves the clock to a time; leases that are extended while their watchers are connected end as
   * long after it as they would now.
   */
  void moveTo(Snapshot snapshot, long ms) {
    long byMs = ms - clock.millis();
    if (byMs > 0) {
      List<Snapshot.Held> extended =
          snapshot.held().filter(held -> snapshot.demand().isExtended(held.id())).toList();
      await(
          ShardCalls.perShard(
              extended,
              Snapshot.Held::shard,
              (shard, part) ->
                  jobs.extend(
                      shard, part.stream().map(held -> extension(held, snapshot, byMs)).toList())));
    }
    clock.moveTo(ms);
  }

  private static Extension extension(Snapshot.Held held, Snapshot snapshot, long byMs) {
    return new Extension(held.out().lease(), byMs + held.out().expiryMs() - snapshot.nowMs());
  }
}
