package dev.dueline.system.load;

import dev.dueline.v1.DueJob;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A watcher that reads how its stream begins, then one more message, and then no more. */
final class StuckWatcher implements ClientResponseObserver<WatchDueRequest, WatchDueResponse> {
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
    SchedulerServiceGrpc.newStub(channel).watchDue(request, this);
    started.await();
  }

  /** Jobs that it has read. */
  int received() {
    return received.get();
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<WatchDueRequest> call) {
    call.disableAutoRequestWithInitial(2);
  }

  @Override
  public void onNext(WatchDueResponse event) {
    started.countDown();
    for (DueJob job : event.getDueJobs().getJobsList()) {
      received.addAndGet(job.getLeaseToken().isEmpty() ? 0 : 1);
    }
  }

  @Override
  public void onError(Throwable failure) {
    started.countDown();
  }

  @Override
  public void onCompleted() {
    started.countDown();
  }
}
