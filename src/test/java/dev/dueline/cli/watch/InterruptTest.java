package dev.dueline.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.Main;
import dev.dueline.client.ScriptedScheduler;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.DueJobs;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.WatchDueResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A watch in a process of its own, which is told to end while it waits for jobs. */
@Timeout(60)
class InterruptTest {
  @Test
  void endsQuietlyWithItsAcksSent() throws Exception {
    try (ScriptedScheduler service = new ScriptedScheduler()) {
      service.on("WatchDue", (request, stream) -> stream.onNext(job()));
      service.<AckRequest>reply(
          "Ack",
          request -> AckResponse.newBuilder().addOutcomes(LeaseOutcome.LEASE_OUTCOME_OK).build());
      Process process = watch(service.address());
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        assertThat(out.readLine()).contains("\tmail\tj1\t");
        // To a JVM it is what Ctrl-C sends, which a child of a background job would not hear.
        process.toHandle().destroy();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(out.readLine()).isNull();
        assertThat(process.errorReader(StandardCharsets.UTF_8).readLine()).isNull();
      } finally {
        process.destroyForcibly();
      }
      assertThat(service.requests(AckRequest.class)).hasSize(1);
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
