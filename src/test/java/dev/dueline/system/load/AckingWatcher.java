package dev.dueline.system.load;

import dev.dueline.client.WatchListener;
import dev.dueline.client.WatchStream;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.WatchDueRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** A watcher that acknowledges what it gets, as fast as it comes, and counts what went wrong. */
final class AckingWatcher implements WatchListener {
  private final SchedulerServiceGrpc.SchedulerServiceStub stub;
  private final BiConsumer<DueJob, Long> onJob;
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch acked;
  private final AtomicInteger lost = new AtomicInteger();
  private volatile boolean hasEnded;

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
    WatchStream.open(stub, request, this);
    started.await();
  }

  CountDownLatch acked() {
    return acked;
  }

  int lost() {
    return lost.get();
  }

  /** Whether its stream is over, or never was. */
  boolean hasEnded() {
    return hasEnded;
  }

  @Override
  public void started(Duration heartbeat) {
    started.countDown();
  }

  @Override
  public void due(List<DueJob> jobs) {
    long nowUs = WallClock.nowUs();
    jobs.forEach(job -> onJob.accept(job, nowUs));
    AckRequest.Builder ack = AckRequest.newBuilder();
    jobs.forEach(job -> ack.addLeaseTokens(job.getLeaseToken()));
    stub.ack(ack.build(), new AckResults());
  }

  @Override
  public void ended(Status status) {
    hasEnded = true;
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
