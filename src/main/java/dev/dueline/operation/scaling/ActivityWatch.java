package dev.dueline.operation.scaling;

import dev.dueline.delivery.time.Alarm;
import dev.dueline.delivery.time.EventLoop;
import dev.dueline.job.QueueName;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether there is anything to do in a queue, when it begins and whenever that changes: at
 * the moment at which the lookahead of a job begins that was known before, and within a look of
 * anything else. While the store is away nothing is told. Its state belongs to the loop.
 */
public final class ActivityWatch {
  private final ActivityWatches all;
  private final QueueName queue;
  private final Duration lookahead;
  private final ActivitySink sink;
  private final EventLoop loop;
  private final Alarm alarm;
  private @Nullable Boolean told;
  private boolean isOver;

  ActivityWatch(
      ActivityWatches all, QueueName queue, Duration lookahead, ActivitySink sink, EventLoop loop) {
    this.all = all;
    this.queue = queue;
    this.lookahead = lookahead;
    this.sink = sink;
    this.loop = loop;
    this.alarm = new Alarm(loop);
  }

  /** Tells nothing from now on, as nobody listens. Any thread. */
  public void cancel() {
    loop.execute(this::close);
  }

  void end(ActivityEnd why) {
    if (!isOver) {
      close();
      sink.end(why);
    }
  }

  private void close() {
    isOver = true;
    alarm.cancel();
    all.closed(this);
  }

  /** Looks now, and then whenever there may be something new. On the loop. */
  void look() {
    if (sink.isOld()) {
      end(ActivityEnd.LEFT);
      return;
    }
    all.workloads()
        .of(queue, lookahead)
        .subscribe()
        .with(
            workload -> loop.execute(() -> seen(workload)),
            away -> loop.execute(() -> lookAfter(all.pause())));
  }

  private void seen(Workload workload) {
    if (isOver) {
      return;
    }
    all.looksAt(this, workload.shards());
    Boolean isActive = workload.isActive();
    if (!isActive.equals(told) && sink.tell(isActive)) {
      told = isActive;
    }
    long holdsMs = workload.holdsForMs(loop.nanoTime());
    lookAfter(Duration.ofMillis(Math.max(1, Math.min(all.pause().toMillis(), holdsMs))));
  }

  private void lookAfter(Duration pause) {
    if (!isOver) {
      alarm.set(pause, this::look);
    }
  }
}
