package dev.dueline.operation.clock;

import dev.dueline.delivery.watch.Watch;
import dev.dueline.delivery.watch.WatcherSink;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.news.LeaseEnd;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A stream whose client does with each job what a test says, on a thread of its own. */
final class ScriptedWatcher implements WatcherSink, AutoCloseable {
  private final List<Delivery> received = new CopyOnWriteArrayList<>();
  private final List<LeaseEnd> lost = new CopyOnWriteArrayList<>();
  private final ExecutorService client =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "client");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Consumer<Delivery> script = job -> {};
  private volatile @Nullable Watch watch;

  void connected(Watch as) {
    watch = as;
  }

  /** Does this with each job, from now on. */
  ScriptedWatcher on(Consumer<Delivery> work) {
    script = work;
    return this;
  }

  List<Delivery> received() {
    return received;
  }

  /** Between the times at which jobs were leased, ms. */
  List<Long> gaps() {
    return IntStream.range(1, received.size())
        .mapToObj(i -> received.get(i).dispatchMs() - received.get(i - 1).dispatchMs())
        .toList();
  }

  List<LeaseEnd> lost() {
    return lost;
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public boolean isLongLived() {
    return true;
  }

  @Override
  public void deliver(List<Delivery> jobs) {
    received.addAll(jobs);
    jobs.forEach(job -> client.execute(() -> script.accept(job)));
  }

  @Override
  public void draining(Duration timeout) {}

  @Override
  public void stopped() {}

  @Override
  public void lost(LeaseToken lease, LeaseEnd how) {
    lost.add(how);
  }

  @Override
  public void refused(Throwable why) {}

  @Override
  public void end() {}

  @Override
  public void complete() {}

  @Override
  public void close() {
    Watch connected = watch;
    if (connected != null) {
      connected.disconnected();
    }
    client.shutdownNow();
  }
}
