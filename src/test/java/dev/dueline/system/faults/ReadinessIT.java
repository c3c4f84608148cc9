package dev.dueline.system.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.system.chaos.topology.Node;
import dev.dueline.system.chaos.topology.Topology;
import dev.dueline.system.process.Readiness;
import dev.dueline.system.process.ServiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One primary of several that stands still makes the service not ready, and is named. */
class ReadinessIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @Test
  void onePrimaryOfAClusterThatStandsStillIsNamed(@TempDir Path data) throws IOException {
    try (Topology cluster = Topology.start("pinned", data, true);
        ServiceProcess service = ServiceProcess.start(cluster.settings().toArray(String[]::new))) {
      await("readiness").atMost(TIMEOUT).until(() -> Readiness.of(service).isUp());
      Node lost = cluster.primary(1);

      // Nobody takes its place: it is the network between it and the service that fails.
      lost.proxy().swallow();
      try {
        await("a verdict").atMost(TIMEOUT).until(() -> Readiness.of(service).isDown());
        String page =
            await()
                .atMost(TIMEOUT)
                .until(
                    () -> Readiness.of(service).page(),
                    text ->
                        text.contains("127.0.0.1:" + lost.proxy().port())
                            && text.contains("jobs flow\""));
        assertThat(page).contains("\"status\": \"DOWN\"");
        await("the same by gRPC").atMost(TIMEOUT).until(() -> !Readiness.isServing(service));
      } finally {
        lost.proxy().forget();
      }
      await("readiness again").atMost(TIMEOUT).until(() -> Readiness.of(service).isUp());
      await("the same by gRPC").atMost(TIMEOUT).until(() -> Readiness.isServing(service));
    }
  }
}
