package dev.dueline.system.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.abuse.attack.Attacks;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever tries tokens is slowed down; others at the same address are not. */
class FailedAuthenticationIT {
  @Test
  void isLimitedAndOthersAreServed(@TempDir Path data) throws InterruptedException {
    try (AbusedService service = new AbusedService(data)) {
      AttackRun run = Bounds.hold(Attacks.failedAuthentication(), service);
      assertThat(run.answers())
          .as("answers other than UNAUTHENTICATED to wrong tokens at full speed")
          .containsAnyOf("RESOURCE_EXHAUSTED", "GOAWAY", "connection closed", "not connected");
    }
  }
}
