package dev.dueline.system.faults;

import com.google.protobuf.util.Durations;
import dev.dueline.client.WatchListener;
import dev.dueline.client.WatchStream;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.WatchDueRequest;
import io.grpc.Status;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A stream that acknowledges nothing, and remembers all that it was told. Thread-safe. */
final class RecordedWatch implements WatchListener {
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
    WatchStream.open(SchedulerServiceGrpc.newStub(service.channel()), request, watch);
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
  public void due(List<DueJob> due) {
    jobs.addAll(due);
  }

  @Override
  public void heartbeat() {
    heartbeats.incrementAndGet();
  }

  @Override
  public void ended(Status status) {
    end.set(status.toString());
  }
}
