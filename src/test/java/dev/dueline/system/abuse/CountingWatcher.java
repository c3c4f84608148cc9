package dev.dueline.system.abuse;

import dev.dueline.client.WatchListener;
import dev.dueline.v1.DueJob;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One of many watchers, which are counted.
 *
 * @param started how many streams have begun
 * @param ended how many have ended, in whatever way
 */
record CountingWatcher(AtomicInteger started, AtomicInteger ended) implements WatchListener {

  @Override
  public void started(Duration heartbeat) {
    started.incrementAndGet();
  }

  @Override
  public void due(List<DueJob> jobs) {}

  @Override
  public void ended(Status status) {
    ended.incrementAndGet();
  }
}
