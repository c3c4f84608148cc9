package dev.dueline.operation.scaling;

import dev.dueline.delivery.time.EventLoop;
import dev.dueline.job.QueueName;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The watches of a replica: how many there may be, and how often all together look. */
public final class ActivityWatches {
  /** Each costs a little memory and its share of the looks. */
  public static final int MAX = 1_000;

  private static final Duration PAUSE = Duration.ofSeconds(1);

  /**
   * For each shard: 100 are looked at a second in all, by a script call or two: 1 to 2 % of Redis.
   */
  private static final Duration SHARE = Duration.ofMillis(10);

  private final Workloads workloads;
  private final EventLoop loop;

  // On the loop.
  /** With the shards that each looks at. */
  private final Map<ActivityWatch, Integer> open = new HashMap<>();

  private int shards;
  private boolean isClosed;

  public ActivityWatches(Workloads workloads, EventLoop loop) {
    this.workloads = workloads;
    this.loop = loop;
  }

  /** Begins a watch; whether it may go on, its sink is told. Any thread. */
  public ActivityWatch watch(QueueName queue, Duration lookahead, ActivitySink sink) {
    ActivityWatch watch = new ActivityWatch(this, queue, lookahead, sink, loop);
    loop.execute(() -> admit(watch));
    return watch;
  }

  /** Ends all watches, and takes no more. Any thread. */
  public void close() {
    loop.execute(
        () -> {
          isClosed = true;
          List.copyOf(open.keySet()).forEach(watch -> watch.end(ActivityEnd.LEFT));
        });
  }

  private void admit(ActivityWatch watch) {
    if (isClosed) {
      watch.end(ActivityEnd.DRAINING);
    } else if (open.size() >= MAX) {
      watch.end(ActivityEnd.TOO_MANY);
    } else {
      looksAt(watch, 1);
      watch.look();
    }
  }

  /** Takes how many shards a watch looks at; 0 counts as one, since the queue is looked up. */
  void looksAt(ActivityWatch watch, int count) {
    int counted = Math.max(1, count);
    shards += counted - open.getOrDefault(watch, 0);
    open.put(watch, counted);
  }

  void closed(ActivityWatch watch) {
    shards -= open.getOrDefault(watch, 0);
    open.remove(watch);
  }

  Workloads workloads() {
    return workloads;
  }

  /** How long a watch waits from one look to the next, unless it knows better. */
  Duration pause() {
    Duration shared = SHARE.multipliedBy(shards);
    return shared.compareTo(PAUSE) > 0 ? shared : PAUSE;
  }
}
