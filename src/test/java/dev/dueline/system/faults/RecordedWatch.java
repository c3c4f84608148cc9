package dev.dueline.system.faults;

import com.google.protobuf.util.Durations;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A stream that acknowledges nothing, and remembers all that it was told. Thread-safe. */
final class RecordedWatch implements StreamObserver<WatchDueResponse> {
  private final List<DueJob> jobs = new CopyOnWriteArrayList<>();
  private final AtomicInteger heartbeats = new AtomicInteger();
  private final AtomicReference<String> end = new AtomicReference<>();

  static RecordedWatch on(ServiceProcess service, String queue) {
    RecordedWatch watch = new RecordedWatch();
    WatchDueRequest request =
        WatchDueRequest.newBuilder()
            .addQueues(queue)
            .setMaxOutstandingJobs(1_000)
            .setLeaseDuration(Durations.fromSeconds(600))
            .setHeartbeatInterval(Durations.fromSeconds(1))
            .build();
    SchedulerServiceGrpc.newStub(service.channel()).watchDue(request, watch);
    return watch;
  }

  /** The first delivery of a job. */
  Optional<DueJob> delivery(String id) {
    return jobs.stream().filter(job -> job.getJobId().equals(id)).findFirst();
  }

  long deliveries(String id) {
    return jobs.stream().filter(job -> job.getJobId().equals(id)).count();
  }

  int heartbeats() {
    return heartbeats.get();
  }

  /** How the stream ended; empty: it is open. */
  Optional<String> end() {
    return Optional.ofNullable(end.get());
  }

  @Override
  public void onNext(WatchDueResponse event) {
    if (event.hasHeartbeat()) {
      heartbeats.incrementAndGet();
    }
    jobs.addAll(event.getDueJobs().getJobsList());
  }

  @Override
  public void onError(Throwable failure) {
    end.set(failure.toString());
  }

  @Override
  public void onCompleted() {
    end.set("completed");
  }
}
