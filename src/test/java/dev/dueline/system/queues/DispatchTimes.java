package dev.dueline.system.queues;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.dueline.client.WatchListener;
import dev.dueline.client.WatchStream;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.WatchDueRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A stream of the queue that {@link QueuesIT} uses, which keeps of each job when Redis leased it;
 * if it is lost, that shows as jobs that never come. Thread-safe.
 */
final class DispatchTimes implements WatchListener {
  private final List<Long> times = new CopyOnWriteArrayList<>();

  static DispatchTimes on(ServiceProcess service) {
    DispatchTimes watch = new DispatchTimes();
    WatchDueRequest request =
        WatchDueRequest.newBuilder()
            .addQueues(QueuesIT.QUEUE)
            .setMaxOutstandingJobs(10_000)
            .setLeaseDuration(Durations.fromSeconds(600))
            .build();
    WatchStream.open(SchedulerServiceGrpc.newStub(service.channel()), request, watch);
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
  public void due(List<DueJob> jobs) {
    jobs.forEach(job -> times.add(Timestamps.toMillis(job.getDispatchTime())));
  }
}
