package dev.dueline.system.abuse;

import dev.dueline.v1.WatchDueResponse;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One of many watchers, which are counted.
 *
 * @param started how many streams have begun
 * @param ended how many have ended, in whatever way
 */
record CountingWatcher(AtomicInteger started, AtomicInteger ended)
    implements StreamObserver<WatchDueResponse> {

  @Override
  public void onNext(WatchDueResponse event) {
    if (event.hasStarted()) {
      started.incrementAndGet();
    }
  }

  @Override
  public void onError(Throwable failure) {
    ended.incrementAndGet();
  }

  @Override
  public void onCompleted() {
    ended.incrementAndGet();
  }
}
