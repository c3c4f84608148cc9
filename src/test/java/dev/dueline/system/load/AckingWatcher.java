package dev.dueline.system.load;

import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** A watcher that acknowledges what it gets, as fast as it comes, and counts what went wrong. */
final class AckingWatcher implements StreamObserver<WatchDueResponse> {
  private final SchedulerServiceGrpc.SchedulerServiceStub stub;
  private final BiConsumer<DueJob, Long> onJob;
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch acked;
  private final AtomicInteger lost = new AtomicInteger();

  /**
   * Watches.
   *
   * @param jobs how many will come
   * @param onJob is told of each job, and of the wall clock when it came, µs
   */
  AckingWatcher(
      ManagedChannel channel, WatchDueRequest request, int jobs, BiConsumer<DueJob, Long> onJob)
      throws InterruptedException {
    this.stub = SchedulerServiceGrpc.newStub(channel);
    this.onJob = onJob;
    this.acked = new CountDownLatch(jobs);
    stub.watchDue(request, this);
    started.await();
  }

  CountDownLatch acked() {
    return acked;
  }

  int lost() {
    return lost.get();
  }

  @Override
  public void onNext(WatchDueResponse event) {
    long nowUs = WallClock.nowUs();
    if (event.hasStarted()) {
      started.countDown();
    }
    List<DueJob> jobs = event.getDueJobs().getJobsList();
    if (jobs.isEmpty()) {
      return;
    }
    jobs.forEach(job -> onJob.accept(job, nowUs));
    AckRequest.Builder ack = AckRequest.newBuilder();
    jobs.forEach(job -> ack.addLeaseTokens(job.getLeaseToken()));
    stub.ack(ack.build(), new AckResults());
  }

  @Override
  public void onError(Throwable failure) {
    started.countDown();
  }

  @Override
  public void onCompleted() {
    started.countDown();
  }

  private final class AckResults implements StreamObserver<AckResponse> {
    @Override
    public void onNext(AckResponse response) {
      for (LeaseOutcome outcome : response.getOutcomesList()) {
        if (outcome != LeaseOutcome.LEASE_OUTCOME_OK) {
          lost.incrementAndGet();
        }
        acked.countDown();
      }
    }

    @Override
    public void onError(Throwable failure) {
      lost.incrementAndGet();
    }

    @Override
    public void onCompleted() {}
  }
}
