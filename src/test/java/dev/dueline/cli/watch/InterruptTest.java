package dev.dueline.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.dueline.Main;
import dev.dueline.client.Events;
import dev.dueline.client.ScriptedScheduler;
import dev.dueline.client.Stalls;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.DueJobs;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.StopWatchRequest;
import dev.dueline.v1.StopWatchResponse;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A watch in a process of its own, which is told to end while it waits for jobs. */
@Timeout(120)
class InterruptTest {
  /** What may be kept from a process that ends, which has 5 s for its last acks. */
  private static final Duration STALLS = Duration.ofSeconds(2);

  @Test
  void endsQuietlyWithItsAcksSent() throws Exception {
    CompletableFuture<StreamObserver<Message>> watch = new CompletableFuture<>();
    try (ScriptedScheduler service = new ScriptedScheduler()) {
      service.on(
          "WatchDue",
          (request, stream) -> {
            stream.onNext(Events.started(60_000, "watch"));
            stream.onNext(job());
            watch.complete(stream);
          });
      service.<StopWatchRequest>reply(
          "StopWatch",
          request -> {
            watch.join().onNext(Events.stopped());
            return StopWatchResponse.getDefaultInstance();
          });
      service.<AckRequest>reply(
          "Ack",
          request -> AckResponse.newBuilder().addOutcomes(LeaseOutcome.LEASE_OUTCOME_OK).build());
      Process process = watch(service.address());
      boolean hadItsTime;
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        assertThat(out.readLine()).contains("\tmail\tj1\t");
        // To a JVM it is what Ctrl-C sends, which a child of a background job would not hear.
        try (Stalls stalls = new Stalls()) {
          process.toHandle().destroy();
          assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
          hadItsTime = stalls.areWithin(STALLS);
        }
        assertThat(out.readLine()).isNull();
        assertThat(process.errorReader(StandardCharsets.UTF_8).readLine()).isNull();
      } finally {
        process.destroyForcibly();
      }
      assertThat(service.requests(AckRequest.class))
          .hasSizeLessThanOrEqualTo(1)
          .hasSizeGreaterThanOrEqualTo(hadItsTime ? 1 : 0);
    }
  }

  private static Process watch(String address) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "watch",
            "mail",
            "--ack",
            "--server",
            address)
        .start();
  }

  private static WatchDueResponse job() {
    DueJob job = DueJob.newBuilder().setQueue("mail").setJobId("j1").setLeaseToken("t").build();
    return WatchDueResponse.newBuilder().setDueJobs(DueJobs.newBuilder().addJobs(job)).build();
  }
}
