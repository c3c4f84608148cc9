package dev.dueline.system.queues;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.Duration;
import com.google.protobuf.util.Timestamps;
import dev.dueline.client.WatchListener;
import dev.dueline.client.WatchStream;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.LostLease;
import dev.dueline.v1.LostReason;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceFutureStub;
import dev.dueline.v1.WatchDueRequest;
import io.grpc.Status;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A worker that acknowledges what it is given, as long as it acts. Thread-safe. */
final class EndingWorker implements WatchListener, AutoCloseable {
  private static final long AGAIN_MS = 200;

  private final List<DueJob> jobs = new CopyOnWriteArrayList<>();
  private final List<Long> latenessMs = new CopyOnWriteArrayList<>();
  private final List<LostReason> lost = new CopyOnWriteArrayList<>();
  private final SchedulerServiceFutureStub calls;
  private volatile WatchStream stream;
  private volatile boolean isActing = true;
  private volatile boolean isStarted;
  private volatile boolean isStopped;
  private volatile Optional<Status> end = Optional.empty();

  private EndingWorker(SchedulerServiceFutureStub calls) {
    this.calls = calls;
  }

  static EndingWorker on(ServiceProcess service, String queue, int maxJobs, Duration lease) {
    EndingWorker worker = new EndingWorker(SchedulerServiceGrpc.newFutureStub(service.channel()));
    WatchDueRequest request =
        WatchDueRequest.newBuilder()
            .addQueues(queue)
            .setMaxOutstandingJobs(maxJobs)
            .setLeaseDuration(lease)
            .build();
    worker.stream =
        WatchStream.open(SchedulerServiceGrpc.newStub(service.channel()), request, worker);
    return worker;
  }

  void stopActing() {
    isActing = false;
  }

  String watchToken() {
    return stream.watchToken();
  }

  List<DueJob> jobs() {
    return jobs;
  }

  /** Of each job, from its due time to its lease, by Redis's clock. */
  List<Long> latenessMs() {
    return latenessMs;
  }

  List<LostReason> lost() {
    return lost;
  }

  boolean isStarted() {
    return isStarted;
  }

  boolean isStopped() {
    return isStopped;
  }

  Optional<Status> end() {
    return end;
  }

  @Override
  public void started(java.time.Duration heartbeat) {
    isStarted = true;
  }

  @Override
  public void due(List<DueJob> due) {
    due.forEach(job -> latenessMs.add(lateMs(job)));
    jobs.addAll(due);
    if (isActing) {
      AckRequest.Builder request = AckRequest.newBuilder();
      due.forEach(job -> request.addLeaseTokens(job.getLeaseToken()));
      ack(request.build());
    }
  }

  /** By Redis's clock. */
  static long lateMs(DueJob job) {
    return Timestamps.toMillis(job.getDispatchTime()) - Timestamps.toMillis(job.getDueTime());
  }

  /** Again where the service was not there for it, as workers do. */
  private void ack(AckRequest request) {
    Futures.addCallback(
        calls.ack(request),
        new FutureCallback<AckResponse>() {
          @Override
          public void onSuccess(AckResponse answer) {}

          @Override
          public void onFailure(Throwable failure) {
            if (isActing && Status.fromThrowable(failure).getCode() == Status.Code.UNAVAILABLE) {
              CompletableFuture.delayedExecutor(AGAIN_MS, TimeUnit.MILLISECONDS)
                  .execute(() -> ack(request));
            }
          }
        },
        MoreExecutors.directExecutor());
  }

  @Override
  public void lost(List<LostLease> leases) {
    leases.forEach(lease -> lost.add(lease.getReason()));
  }

  @Override
  public void stopped() {
    isStopped = true;
  }

  @Override
  public void ended(Status status) {
    end = Optional.of(status);
  }

  @Override
  public void close() {
    stopActing();
    stream.close();
  }
}
