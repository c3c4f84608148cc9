package dev.dueline.system.queues;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A stream that keeps of each job when Redis leased it. Thread-safe. */
final class DispatchTimes implements StreamObserver<WatchDueResponse> {
  private final List<Long> times = new CopyOnWriteArrayList<>();

  static DispatchTimes on(ServiceProcess service) {
    DispatchTimes watch = new DispatchTimes();
    WatchDueRequest request =
        WatchDueRequest.newBuilder()
            .addQueues("run")
            .setMaxOutstandingJobs(10_000)
            .setLeaseDuration(Durations.fromSeconds(600))
            .build();
    SchedulerServiceGrpc.newStub(service.channel()).watchDue(request, watch);
    return watch;
  }

  long count() {
    return times.size();
  }

  /** Milliseconds of Redis's clock. */
  List<Long> ms() {
    return times;
  }

  @Override
  public void onNext(WatchDueResponse event) {
    event
        .getDueJobs()
        .getJobsList()
        .forEach(job -> times.add(Timestamps.toMillis(job.getDispatchTime())));
  }

  /** The jobs of another stream are counted too; a lost one shows as jobs that never come. */
  @Override
  public void onError(Throwable failure) {}

  @Override
  public void onCompleted() {}
}
