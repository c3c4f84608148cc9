package dev.dueline.system.load;

import dev.dueline.client.WatchListener;
import dev.dueline.client.WatchStream;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.WatchDueRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A watcher that reads how its stream begins, then one more message, and then no more. */
final class StuckWatcher implements WatchListener {
  private final AtomicInteger received = new AtomicInteger();
  private final CountDownLatch started = new CountDownLatch(1);

  StuckWatcher(ManagedChannel channel, String queue, int maxOutstanding)
      throws InterruptedException {
    WatchDueRequest request =
        WatchDueRequest.newBuilder()
            .addQueues(queue)
            .setMaxOutstandingJobs(maxOutstanding)
            .setLeaseDuration(com.google.protobuf.Duration.newBuilder().setSeconds(3_600))
            .build();
    WatchStream stream =
        WatchStream.openPaced(SchedulerServiceGrpc.newStub(channel), request, this);
    started.await();
    stream.requestNext();
  }

  /** Jobs that it has read. */
  int received() {
    return received.get();
  }

  @Override
  public void started(Duration heartbeat) {
    started.countDown();
  }

  @Override
  public void due(List<DueJob> jobs) {
    received.addAndGet(jobs.size());
  }

  @Override
  public void ended(Status status) {
    started.countDown();
  }
}
