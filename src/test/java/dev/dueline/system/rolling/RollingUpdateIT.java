package dev.dueline.system.rolling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.RedisServer;
import dev.dueline.v1.Job;
import dev.dueline.v1.JobState;
import dev.dueline.v1.ListJobsRequest;
import dev.dueline.v1.SchedulerServiceGrpc;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All replicas are replaced, one after the other and again, each at an address of its own, while
 * clients in two languages use them by one name. Longer with {@code
 * -Ddueline.test.rolling-seconds}.
 */
class RollingUpdateIT {
  private static final String QUEUE = "rolling";
  private static final int REPLICAS = 3;
  private static final int JOBS_A_SECOND = 100;
  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  /** What the documentation tells clients to use. */
  private static final Path DOCUMENTED = Path.of("docs/clients/service-config.json");

  /** Of a process that SIGTERM ended. */
  private static final int TERMINATED = 143;

  private static final List<JobState> STATES =
      List.of(JobState.JOB_STATE_PENDING, JobState.JOB_STATE_LEASED, JobState.JOB_STATE_DEAD);

  private final Seen seen = new Seen();
  private final Path config = config();

  @Test
  void nothingIsLostOrRepeatedAndNoCallFails(@TempDir Path data) {
    Optional<String> python = PythonClient.python();
    if (python.isEmpty()) {
      System.out.println("rolling update without a client in Python: none here has grpcio");
    }
    try (RedisServer redis =
            RedisServer.start(data, LoopbackPort.free(), List.of("save \"\"", "appendonly yes"));
        Deployment deployment =
            new Deployment(REPLICAS, "quarkus.redis.hosts=redis://127.0.0.1:" + redis.port());
        NameServer names = new NameServer(deployment::addresses)) {
      int rounds = underLoad(deployment, names, python);
      System.out.printf(
          "%d rolling updates, %d jobs, %d of them received by Java, %d by Python; %d streams"
              + " moved%n",
          rounds,
          seen.jobs(),
          seen.receivedBy(JavaClient.NAME),
          seen.receivedBy(PythonClient.NAME),
          seen.moves());
      assertThat(seen.failures()).isEmpty();
      assertThat(seen.missing()).isEmpty();
      assertThat(seen.repeated()).isEmpty();
      assertThat(seen.unsettled()).isEmpty();
      assertThat(left(deployment)).isEmpty();
      assertThat(deployment.exits()).hasSize(rounds * REPLICAS).containsOnly(TERMINATED);
      assertThat(deployment.errors()).isEmpty();
      assertThat(seen.receivedBy(JavaClient.NAME)).isPositive();
      assertThat(seen.moves()).isPositive();
      python.ifPresent(any -> assertThat(seen.receivedBy(PythonClient.NAME)).isPositive());
    }
  }

  /** Replaces all replicas for as long as it should; gives how often. */
  private int underLoad(Deployment deployment, NameServer names, Optional<String> python) {
    String target = names.target(deployment.port());
    List<PythonClient> ofPython =
        python.stream()
            .map(any -> PythonClient.start(any, config, QUEUE, JOBS_A_SECOND, target, seen))
            .toList();
    try (JavaClient ofJava =
        new JavaClient(Addresses.channel(deployment, config), QUEUE, JOBS_A_SECOND, seen)) {
      await("all clients to take part")
          .atMost(TIMEOUT)
          .until(
              () ->
                  seen.receivedBy(JavaClient.NAME) > 0
                      && (ofPython.isEmpty() || seen.receivedBy(PythonClient.NAME) > 0));
      int rounds = 0;
      long end = System.nanoTime() + seconds().toNanos();
      do {
        deployment.roll();
        rounds++;
      } while (System.nanoTime() < end);
      ofJava.stop();
      ofPython.forEach(PythonClient::stop);
      await("all answers")
          .atMost(TIMEOUT)
          .until(() -> ofJava.isQuiet() && ofPython.stream().allMatch(PythonClient::isQuiet));
      await("all jobs")
          .atMost(TIMEOUT)
          .until(
              () ->
                  !seen.failures().isEmpty()
                      || (seen.missing().isEmpty() && seen.unsettled().isEmpty()));
      return rounds;
    } finally {
      ofPython.forEach(PythonClient::close);
    }
  }

  private static Duration seconds() {
    return Duration.ofSeconds(Long.getLong("dueline.test.rolling-seconds", 1));
  }

  /** As documented, but for the time of a call, in which the machine may stand still. */
  private static Path config() {
    String documented = "\"timeout\": \"10s\"";
    try {
      String text = Files.readString(DOCUMENTED);
      assertThat(text).contains(documented);
      return Files.writeString(
          Files.createTempFile(Path.of("target"), "service-config", ".json"),
          text.replace(documented, "\"timeout\": \"60s\""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Job> left(Deployment deployment) {
    ManagedChannel channel = Addresses.channel(deployment, config);
    try {
      SchedulerServiceGrpc.SchedulerServiceBlockingStub calls =
          SchedulerServiceGrpc.newBlockingStub(channel);
      return STATES.stream()
          .map(state -> ListJobsRequest.newBuilder().setQueue(QUEUE).setState(state).build())
          .flatMap(request -> calls.listJobs(request).getJobsList().stream())
          .toList();
    } finally {
      channel.shutdownNow();
    }
  }
}
