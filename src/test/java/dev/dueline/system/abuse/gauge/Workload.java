package dev.dueline.system.abuse.gauge;

import static org.awaitility.Awaitility.await;

import dev.dueline.client.AckListener;
import dev.dueline.client.Acker;
import dev.dueline.client.Backoff;
import dev.dueline.client.Connection;
import dev.dueline.client.ConnectionSettings;
import dev.dueline.client.Leases;
import dev.dueline.client.ServerAddress;
import dev.dueline.client.Watch;
import dev.dueline.client.WatchHandler;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.WatchDueRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.awaitility.core.ConditionTimeoutException;

/** Jobs that fall due within seconds, and a watcher that acknowledges each. */
public final class Workload implements WatchHandler, AckListener, AutoCloseable {
  private static final String QUEUE = "work";
  private static final long INTERVAL_MS = 20;
  private static final int MOST_DELAY_SECONDS = 4;
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final Connection connection;
  private final Acker acker;
  private final Watch watch;
  private final Thread thread = new Thread(this::schedule, "workload");
  private final Set<String> scheduled = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> delivered = new ConcurrentHashMap<>();
  private final AtomicInteger failedSchedules = new AtomicInteger();
  private final AtomicInteger brokenWatches = new AtomicInteger();
  private volatile boolean isClosed;

  private Workload(int port, String token) {
    this.connection =
        Connection.open(
            new ConnectionSettings(
                new ServerAddress("127.0.0.1", port), DEADLINE, Optional.empty(), token));
    this.acker = new Acker(new Leases(connection), this);
    this.watch =
        new Watch(
            connection,
            WatchDueRequest.newBuilder().addQueues(QUEUE).setMaxOutstandingJobs(1_000).build(),
            this,
            new Backoff(RandomGenerator.getDefault()));
  }

  /** Schedules and watches from now on. */
  public static Workload start(int port, String token) {
    Workload workload = new Workload(port, token);
    Thread watching = new Thread(workload::watch, "workload watch");
    watching.setDaemon(true);
    watching.start();
    workload.thread.setDaemon(true);
    workload.thread.start();
    return workload;
  }

  /**
   * What became of the jobs.
   *
   * @param scheduled calls of Schedule that were answered well
   * @param failedSchedules those that were not
   * @param lost jobs that were scheduled and did not come
   * @param repeated deliveries beyond the first
   * @param brokenWatches streams that ended
   */
  public record Figures(
      int scheduled, int failedSchedules, int lost, int repeated, int brokenWatches) {}

  /** Schedules no more, and waits for what is due. */
  public Figures finish(Duration longest) throws InterruptedException {
    isClosed = true;
    thread.join();
    try {
      await().atMost(longest).until(() -> delivered.keySet().containsAll(scheduled));
    } catch (ConditionTimeoutException e) {
      // What did not come is counted.
    }
    int lost = (int) scheduled.stream().filter(id -> !delivered.containsKey(id)).count();
    int repeated = delivered.values().stream().mapToInt(times -> times - 1).sum();
    return new Figures(
        scheduled.size(), failedSchedules.get(), lost, repeated, brokenWatches.get());
  }

  private void schedule() {
    for (int i = 0; !isClosed; i++) {
      String id = "work-" + i;
      ScheduleRequest.Builder request = ScheduleRequest.newBuilder().setQueue(QUEUE).setJobId(id);
      request.getDelayBuilder().setSeconds(i % (MOST_DELAY_SECONDS + 1));
      try {
        var stored = connection.unary().schedule(request.build());
        scheduled.add(id);
        Thread.sleep(INTERVAL_MS);
      } catch (StatusRuntimeException e) {
        failedSchedules.incrementAndGet();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void watch() {
    try {
      watch.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void due(List<DueJob> jobs, Instant received) {
    jobs.forEach(job -> delivered.merge(job.getJobId(), 1, Integer::sum));
    acker.add(jobs);
  }

  @Override
  public boolean isTransient(Status status) {
    return true;
  }

  @Override
  public void broken(Status status) {
    brokenWatches.incrementAndGet();
  }

  /** An ack that was lost shows as another delivery. */
  @Override
  public void lost(DueJob job, LeaseOutcome outcome, boolean isRepeated) {}

  @Override
  public void failed(List<DueJob> jobs, StatusRuntimeException failure) {}

  @Override
  public void close() throws InterruptedException {
    isClosed = true;
    watch.stop();
    acker.close();
    connection.close();
    thread.join();
  }
}
