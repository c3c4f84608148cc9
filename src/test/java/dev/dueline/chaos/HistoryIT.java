package dev.dueline.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.chaos.History.Canceled;
import dev.dueline.chaos.History.Delivered;
import dev.dueline.store.redis.embedded.EmbeddedRedis;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.Job;
import dev.dueline.v1.JobState;
import dev.dueline.v1.ListJobsRequest;
import dev.dueline.v1.PullDueRequest;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Replicas, clients and Redis as processes, everything a client may do at random, and a replica
 * killed in the middle; then the history is checked. Replay with {@code -Ddueline.test.seed}.
 */
class HistoryIT {
  private static final long SEED = Long.getLong("dueline.test.seed", System.nanoTime());
  private static final int SECONDS = Integer.getInteger("dueline.test.seconds", 20);
  private static final int JOBS_A_SECOND = 100;

  private final History history = new History();
  private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(16);
  private final AtomicInteger jobs = new AtomicInteger();

  @Test
  void everyPromiseIsKept(@TempDir Path data) throws Exception {
    System.out.println("seed " + SEED);
    try (EmbeddedRedis redis = EmbeddedRedis.start(data, Optional.empty());
        Replicas replicas = new Replicas(redis.hosts(), 3)) {
      Client client = new Client(replicas, history, SEED);
      List<Worker> workers =
          IntStream.range(0, 4)
              .mapToObj(i -> new Worker("w" + i, client, replicas, history, executor))
              .toList();
      workers.forEach(Worker::connect);
      executor.submit(() -> pull(client, replicas));
      load(client, replicas);
      workers.forEach(Worker::becomeGentle);
      await("all jobs to end")
          .atMost(Duration.ofSeconds(90))
          .pollInterval(Duration.ofMillis(500))
          .during(Duration.ofSeconds(2))
          .until(
              () ->
                  jobs(replicas, client, JobState.JOB_STATE_PENDING).isEmpty()
                      && jobs(replicas, client, JobState.JOB_STATE_LEASED).isEmpty());
      for (Job dead : jobs(replicas, client, JobState.JOB_STATE_DEAD)) {
        history.add(new History.Remains(dead.getJobId(), "dead"));
      }
      workers.forEach(Worker::stop);
      executor.shutdown();
      assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      executor.shutdownNow();
    }
    report();
    assertThat(HistoryChecker.check(history)).isEmpty();
    assertThat(history.all(Delivered.class)).hasSizeGreaterThan(SECONDS * JOBS_A_SECOND / 2);
  }

  /** Schedules and cancels at a steady rate, and kills a replica half-way. */
  private void load(Client client, Replicas replicas) throws Exception {
    RandomGenerator random = client.random();
    Runnable step =
        () -> {
          String job = "job" + jobs.incrementAndGet();
          long delayMs = random.nextInt(3_000);
          boolean isDelay = random.nextBoolean();
          boolean isForced = random.nextBoolean();
          boolean isCanceled = random.nextInt(100) < 20;
          long cancelMs = random.nextInt(4_000);
          executor.submit(() -> client.schedule(job, delayMs, isDelay));
          if (isCanceled) {
            Runnable cancel = () -> client.cancel(job, isForced);
            executor.schedule(cancel, cancelMs, TimeUnit.MILLISECONDS);
          }
        };
    var pace =
        executor.scheduleAtFixedRate(step, 0, 1_000_000 / JOBS_A_SECOND, TimeUnit.MICROSECONDS);
    var kill =
        executor.schedule(() -> replicas.killOne(random), SECONDS * 500L, TimeUnit.MILLISECONDS);
    kill.get();
    await()
        .atMost(Duration.ofSeconds(10L * SECONDS))
        .until(() -> jobs.get() >= SECONDS * JOBS_A_SECOND);
    pace.cancel(false);
  }

  private void pull(Client client, Replicas replicas) {
    history.add(new History.Connected("pull", Integer.MAX_VALUE, true));
    RandomGenerator random = client.random();
    PullDueRequest request =
        PullDueRequest.newBuilder()
            .addQueues(Client.QUEUE)
            .setMaxJobs(5)
            .setLeaseDuration(Client.ms(2_000))
            .setWaitTime(Client.ms(1_000))
            .build();
    while (!executor.isShutdown()) {
      try {
        List<DueJob> pulled = replicas.any(random).pullDue(request).getJobsList();
        pulled.forEach(job -> client.received("pull", job));
        pulled.forEach(job -> client.ack(job.getLeaseToken()));
      } catch (StatusRuntimeException e) {
        client.unknown(e);
      }
    }
  }

  private static List<Job> jobs(Replicas replicas, Client client, JobState state) {
    ListJobsRequest request =
        ListJobsRequest.newBuilder()
            .setQueue(Client.QUEUE)
            .setState(state)
            .setPageSize(1_000)
            .build();
    return replicas.any(client.random()).listJobs(request).getJobsList();
  }

  private void report() {
    List<Delivered> deliveries = history.all(Delivered.class);
    long[] lateness =
        deliveries.stream()
            .filter(delivery -> delivery.attempt() == 1)
            .mapToLong(delivery -> delivery.dispatchMs() - delivery.dueMs())
            .sorted()
            .toArray();
    System.out.printf(
        "%d jobs, %d deliveries, %d again, %d cancels granted; lateness ms p50 %d p99 %d max %d%n",
        jobs.get(),
        deliveries.size(),
        deliveries.stream().filter(delivery -> delivery.attempt() > 1).count(),
        history.all(Canceled.class).stream()
            .filter(call -> call.answer() == History.Answer.YES)
            .count(),
        lateness[lateness.length / 2],
        lateness[lateness.length * 99 / 100],
        lateness[lateness.length - 1]);
  }
}
