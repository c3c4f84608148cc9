package dev.dueline.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.Job;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.Recurrence;
import dev.dueline.v1.ScheduleRequest;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job that recurs while replicas are killed, one after the other, and Redis in between: no due
 * time is lost. {@code -Ddueline.test.kills=15} goes on for about a minute.
 */
class RecurringIT {
  private static final String QUEUE = "recurring";
  private static final long INTERVAL_MS = 1_000;
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final int KILLS = Integer.getInteger("dueline.test.kills", 4);
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** By the number of the run: a retry of one falls due at another time. */
  private final Map<Long, AtomicInteger> deliveries = new ConcurrentHashMap<>();

  /** Of first attempts, in ms. */
  private final Set<Long> dueTimes = ConcurrentHashMap.newKeySet();

  private volatile boolean isOver;
  private RedisServer redis;

  @BeforeEach
  void startRedis(@TempDir Path data) {
    List<String> settings = List.of("save \"\"", "appendonly yes", "appendfsync always");
    redis = RedisServer.start(data, LoopbackPort.free(), settings);
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
      awaitRuns(before + 2);
      if (i == KILLS / 2) {
        redis.kill();
        redis.restart();
      }
      awaitRuns(before + 3);
      victim.kill();
      worker.join();
      replica = start();
    }
    ServiceProcess last = replica;
    Thread worker = work(last);
    awaitRuns(deliveries.size() + 3);
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
    assertThat(dueTimes)
        .allMatch(dueMs -> (dueMs - firstMs) % INTERVAL_MS == 0 && dueMs >= firstMs);
  }

  private void awaitRuns(int count) {
    Awaitility.await("runs").atMost(TIMEOUT).until(() -> deliveries.size() >= count);
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
    // Redis writes to a disk that others may keep busy.
    return ServiceProcess.start(
        "quarkus.redis.hosts=redis://127.0.0.1:" + redis.port(), "dueline.store.timeout=20s");
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
              while (!isOver) {
                try {
                  replica.calls().pullDue(pull).getJobsList().forEach(job -> run(replica, job));
                } catch (StatusRuntimeException e) {
                  if (!replica.isAlive()) {
                    return;
                  }
                  // Redis is away: the answer came at once.
                  LockSupport.parkNanos(PAUSE.toNanos());
                }
              }
            });
    worker.start();
    return worker;
  }

  private void run(ServiceProcess replica, DueJob job) {
    long dueMs = Timestamps.toMillis(job.getDueTime());
    assertThat(Timestamps.toMillis(job.getDispatchTime())).isGreaterThanOrEqualTo(dueMs);
    if (job.getAttempt() == 1) {
      dueTimes.add(dueMs);
    }
    deliveries.computeIfAbsent(job.getRunNumber(), run -> new AtomicInteger()).incrementAndGet();
    replica.calls().ack(AckRequest.newBuilder().addLeaseTokens(job.getLeaseToken()).build());
  }
}
