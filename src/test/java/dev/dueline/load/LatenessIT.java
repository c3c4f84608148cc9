package dev.dueline.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.process.ServiceProcess;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.WatchDueRequest;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How late jobs are at a steady rate: when the client has them, less their due time. */
@Tag("load")
class LatenessIT {
  private static final int RATE = Integer.getInteger("dueline.test.rate", 500);
  private static final int JOBS = Integer.getInteger("dueline.test.jobs", 10_000);
  private static final long LEAD_US = 5_000_000;

  private final Map<String, Integer> deliveries = new ConcurrentHashMap<>();
  private final Distribution received = new Distribution();
  private final Distribution dispatched = new Distribution();

  @Test
  void jobsComeOnTimeAndOnce(@TempDir Path data) throws Exception {
    try (ServiceProcess service = ServiceProcess.start("dueline.embedded.data-dir=" + data)) {
      run(service, "warm-up", 2_000);
      System.out.printf("warm-up:    %s%n", received);
      LatenessIT measured = new LatenessIT();
      measured.run(service, "measured", JOBS);
      System.out.printf("received:   %s%n", measured.received);
      System.out.printf("dispatched: %s%n", measured.dispatched);
      assertThat(measured.deliveries).hasSize(JOBS);
      assertThat(measured.deliveries.values()).containsOnly(1);
      assertThat(measured.received.ms(0)).isNotNegative();
    }
  }

  private void run(ServiceProcess service, String queue, int jobs) throws Exception {
    WatchDueRequest request =
        WatchDueRequest.newBuilder().addQueues(queue).setMaxOutstandingJobs(1_000).build();
    AckingWatcher watcher = new AckingWatcher(service.channel(), request, jobs, this::count);
    long begin = WallClock.nowUs() + LEAD_US;
    long step = 1_000_000L / RATE;
    new Backlog(service.channel(), queue, 100).schedule(jobs, i -> begin + i * step);
    assertThat(watcher.acked().await(jobs / RATE + 60, TimeUnit.SECONDS)).isTrue();
    assertThat(watcher.lost()).isZero();
  }

  private void count(DueJob job, long nowUs) {
    deliveries.merge(job.getJobId(), 1, Integer::sum);
    long due = WallClock.us(job.getDueTime());
    received.add(nowUs - due);
    dispatched.add(WallClock.us(job.getDispatchTime()) - due);
  }
}
