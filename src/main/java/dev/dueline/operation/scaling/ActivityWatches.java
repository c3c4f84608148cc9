package dev.dueline.operation.scaling;

import dev.dueline.delivery.time.EventLoop;
import dev.dueline.job.QueueName;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The watches of a replica: how many there may be, and how often all together look. */
public final class ActivityWatches {
  /** Each costs a little memory and its share of the looks. */
  public static final int MAX = 1_000;

  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** 100 looks a second in all: about 1 % of Redis's time for queues of one shard. */
  private static final Duration SHARE = Duration.ofMillis(10);

  private final Workloads workloads;
  private final EventLoop loop;

  // On the loop.
  private final Set<ActivityWatch> open = new HashSet<>();
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
          List.copyOf(open).forEach(watch -> watch.end(ActivityEnd.LEFT));
        });
  }

  private void admit(ActivityWatch watch) {
    if (isClosed) {
      watch.end(ActivityEnd.DRAINING);
    } else if (open.size() >= MAX) {
      watch.end(ActivityEnd.TOO_MANY);
    } else {
      open.add(watch);
      watch.begin();
    }
  }

  void closed(ActivityWatch watch) {
    open.remove(watch);
  }

  Workloads workloads() {
    return workloads;
  }

  /** How long a watch waits from one look to the next, unless it knows better. */
  Duration pause() {
    Duration shared = SHARE.multipliedBy(open.size());
    return shared.compareTo(PAUSE) > 0 ? shared : PAUSE;
  }
}
