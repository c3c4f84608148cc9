package dev.dueline.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.dueline.process.ServiceProcess;
import dev.dueline.store.redis.embedded.EmbeddedRedis;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.Job;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.Recurrence;
import dev.dueline.v1.ScheduleRequest;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that recurs while replicas are killed, one after the other: no due time is lost. */
class RecurringIT {
  private static final String QUEUE = "recurring";
  private static final long INTERVAL_MS = 1_000;
  private static final int KILLS = 4;

  private final Map<Long, AtomicInteger> deliveries = new ConcurrentHashMap<>();
  private volatile boolean isOver;
  private EmbeddedRedis redis;

  @BeforeEach
  void startRedis(@TempDir Path data) {
    redis = EmbeddedRedis.start(data, Optional.empty());
  }

  @AfterEach
  void stopRedis() {
    redis.close();
  }

  @Test
  void eachDueTimeIsRunOrCountedAsMissed() throws InterruptedException {
    ServiceProcess replica = start();
    long firstMs = schedule(replica);
    for (int i = 0; i < KILLS; i++) {
      ServiceProcess victim = replica;
      Thread worker = work(victim);
      int before = deliveries.size();
      Awaitility.await().until(() -> deliveries.size() >= before + 3);
      victim.kill();
      worker.join();
      replica = start();
    }
    ServiceProcess last = replica;
    Thread worker = work(last);
    int before = deliveries.size();
    Awaitility.await().until(() -> deliveries.size() >= before + 3);
    isOver = true;
    worker.join();
    Job job = read(last);
    last.close();
    long passed = (Timestamps.toMillis(job.getDueTime()) - firstMs) / INTERVAL_MS;
    System.out.printf(
        "recurring: %d due times, %d runs completed, %d missed, delivered %s%n",
        passed, job.getCompletedRuns(), job.getMissedRuns(), new TreeMap<>(deliveries));
    assertThat(job.getCompletedRuns() + job.getMissedRuns()).isEqualTo(passed);
    assertThat((long) deliveries.size())
        .isBetween(job.getCompletedRuns(), job.getCompletedRuns() + 1);
    assertThat(deliveries.keySet())
        .allMatch(dueMs -> (dueMs - firstMs) % INTERVAL_MS == 0 && dueMs >= firstMs);
  }

  /** Gives its first due time. */
  private static long schedule(ServiceProcess replica) {
    ScheduleRequest request =
        ScheduleRequest.newBuilder()
            .setQueue(QUEUE)
            .setJobId("r")
            .setRecurrence(Recurrence.newBuilder().setInterval(Client.ms(INTERVAL_MS)))
            .build();
    return Timestamps.toMillis(replica.calls().schedule(request).getDueTime());
  }

  private static Job read(ServiceProcess replica) {
    GetJobRequest request = GetJobRequest.newBuilder().setQueue(QUEUE).setJobId("r").build();
    return replica.calls().getJob(request).getJob();
  }

  private ServiceProcess start() {
    return ServiceProcess.start("quarkus.redis.hosts=" + redis.hosts());
  }

  /** Takes runs and acknowledges them, until the replica is gone. */
  private Thread work(ServiceProcess replica) {
    PullDueRequest pull =
        PullDueRequest.newBuilder()
            .addQueues(QUEUE)
            .setLeaseDuration(Client.ms(2_000))
            .setWaitTime(Client.ms(500))
            .build();
    Thread worker =
        new Thread(
            () -> {
              try {
                while (!isOver) {
                  for (DueJob job : replica.calls().pullDue(pull).getJobsList()) {
                    long dueMs = Timestamps.toMillis(job.getDueTime());
                    assertThat(Timestamps.toMillis(job.getDispatchTime()))
                        .isGreaterThanOrEqualTo(dueMs);
                    deliveries.computeIfAbsent(dueMs, due -> new AtomicInteger()).incrementAndGet();
                    replica
                        .calls()
                        .ack(AckRequest.newBuilder().addLeaseTokens(job.getLeaseToken()).build());
                  }
                }
              } catch (StatusRuntimeException gone) {
                // Killed, as it was meant to be.
              }
            });
    worker.start();
    return worker;
  }
}
