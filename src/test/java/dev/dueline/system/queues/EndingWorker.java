package dev.dueline.system.queues;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Timestamps;
import dev.dueline.client.WatchListener;
import dev.dueline.client.WatchStream;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.LostLease;
import dev.dueline.v1.LostReason;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceFutureStub;
import dev.dueline.v1.WatchDueRequest;
import io.grpc.Status;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A worker that acknowledges what it is given, as long as it acts. Thread-safe. */
final class EndingWorker implements WatchListener, AutoCloseable {
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

  /** Of each job, from its due time to here. */
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
    long now = System.currentTimeMillis();
    due.forEach(job -> latenessMs.add(now - Timestamps.toMillis(job.getDueTime())));
    jobs.addAll(due);
    if (isActing) {
      AckRequest.Builder request = AckRequest.newBuilder();
      due.forEach(job -> request.addLeaseTokens(job.getLeaseToken()));
      var unused = calls.ack(request.build());
    }
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
    stream.close();
  }
}
