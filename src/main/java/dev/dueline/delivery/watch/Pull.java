package dev.dueline.delivery.watch;

import dev.dueline.delivery.shard.ShardLoop;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.delivery.time.EventLoop;
import dev.dueline.job.QueueName;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.news.LeaseEnd;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A watcher for one answer: it is over once it has jobs and no claim that could bring more is under
 * way, or when it has waited long enough.
 */
final class Pull implements WatcherSink {
  /** Bytes after which an answer takes no more, to stay below what a client accepts. */
  private static final int MAX_BYTES = 2 << 20;

  private final UniEmitter<? super List<Delivery>> emitter;
  private final int maxJobs;
  private final Duration waitTime;
  private final Alarm deadline;
  private final List<Delivery> jobs = new ArrayList<>();
  private int bytes;
  private boolean hasWaited;
  private boolean isDraining;
  private boolean isOver;
  private @Nullable Watcher watcher;
  private List<ShardLoop> loops = List.of();
  private Consumer<Watcher> disconnect = gone -> {};

  Pull(EventLoop loop, UniEmitter<? super List<Delivery>> emitter, int maxJobs, Duration waitTime) {
    this.emitter = emitter;
    this.maxJobs = maxJobs;
    this.waitTime = waitTime;
    this.deadline = new Alarm(loop);
  }

  /** What a pull wants as a watcher: jobs that were not handed over go back. */
  static WatchSpec spec(long owner, List<QueueName> queues, int maxJobs, long leaseMs) {
    return new WatchSpec("pull", owner, queues, maxJobs, leaseMs, false, false, false);
  }

  /** Begins to wait; the watcher is connected, and its claims are under way. */
  void begin(Watcher connected, List<ShardLoop> asked, Consumer<Watcher> onOver) {
    watcher = connected;
    loops = asked;
    disconnect = onOver;
    connected.onSettled(this::check);
    deadline.set(
        waitTime,
        () -> {
          hasWaited = true;
          check();
        });
  }

  /** Nobody waits for the answer any longer, unless it was given. */
  void canceled() {
    if (!isOver) {
      isOver = true;
      deadline.cancel();
      if (watcher != null) {
        watcher.takeBack(jobs);
        disconnect.accept(watcher);
      }
    }
  }

  @Override
  public boolean isLongLived() {
    return false;
  }

  @Override
  public boolean isReady() {
    return !isOver && bytes < MAX_BYTES;
  }

  @Override
  public void deliver(List<Delivery> more) {
    jobs.addAll(more);
    more.forEach(job -> bytes += job.size());
  }

  @Override
  public void draining(Duration timeout) {
    answer();
  }

  @Override
  public void stopped() {
    answer();
  }

  @Override
  public void lost(LeaseToken lease, LeaseEnd how) {
    // Its answer is given at once, and its jobs are no longer with it then.
  }

  @Override
  public void refused(Throwable why) {
    if (!isOver) {
      canceled();
      emitter.fail(why);
    }
  }

  @Override
  public void end() {
    answer();
  }

  @Override
  public void complete() {
    answer();
  }

  /** Takes no more, whatever is due. */
  private void answer() {
    isDraining = true;
    hasWaited = true;
    check();
  }

  private void check() {
    if (isOver || watcher == null) {
      return;
    }
    boolean isFull = jobs.size() >= maxJobs || bytes >= MAX_BYTES;
    // Who drains is given no more, whatever is due.
    boolean mayAskAgain =
        !isFull && !isDraining && loops.stream().anyMatch(ShardLoop::mayHaveDueJobs);
    boolean mayBringMore = watcher.reserved() > 0 || mayAskAgain;
    if (mayBringMore || (jobs.isEmpty() && !hasWaited)) {
      return;
    }
    Throwable failure =
        loops.stream()
            .map(ShardLoop::failure)
            .filter(found -> found != null)
            .findFirst()
            .orElse(null);
    isOver = true;
    deadline.cancel();
    disconnect.accept(watcher);
    if (jobs.isEmpty() && failure != null) {
      emitter.fail(failure);
    } else {
      emitter.complete(List.copyOf(jobs));
    }
  }
}
