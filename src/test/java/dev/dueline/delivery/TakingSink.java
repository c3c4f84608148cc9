package dev.dueline.delivery;

import dev.dueline.delivery.watch.WatcherSink;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.news.LeaseEnd;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A stream that takes all jobs. */
final class TakingSink implements WatcherSink {
  private final List<String> ids = new CopyOnWriteArrayList<>();

  /** The jobs that it has taken. */
  List<String> ids() {
    return ids;
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
    jobs.forEach(job -> ids.add(job.job().id().value()));
  }

  @Override
  public void draining(Duration timeout) {}

  @Override
  public void stopped() {}

  @Override
  public void lost(LeaseToken lease, LeaseEnd how) {}

  @Override
  public void refused(Throwable why) {}

  @Override
  public void end() {}

  @Override
  public void complete() {}
}
