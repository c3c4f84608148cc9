package dev.dueline.system.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.system.process.ServiceProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start says is true, and something that its reader can act on. */
class StartLogIT {
  @Test
  void theLogNamesWhatListensAndNothingElse(@TempDir Path data) {
    try (ServiceProcess service = ServiceProcess.start("dueline.embedded.data-dir=" + data)) {
      String listens =
          "Dueline takes jobs by gRPC on 127.0.0.1:%d; health and metrics are on 127.0.0.1:%d"
              .formatted(service.port(), service.managementPort());
      await("the last word of a start")
          .atMost(Duration.ofSeconds(60))
          .until(() -> service.log().contains(listens));
      assertThat(service.log())
          .contains("Embedded Redis: the jobs are in " + data)
          .doesNotContain("legacy gRPC", "Listening on: .", " ERROR ");
      // That a machine stood still is not the service's doing.
      assertThat(service.log().lines())
          .filteredOn(line -> line.contains(" WARN "))
          .allMatch(line -> line.contains("BlockedThreadChecker"));
    }
  }
}
