package dev.dueline.system.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.abuse.attack.Attack;
import dev.dueline.system.abuse.attack.Attacks;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks on a port that speaks TLS, each beside a client that must be served there. */
class TlsAttackIT {
  private static AbusedService service;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    service = AbusedService.withTls(directory);
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
    }
  }

  static List<Attack> attacks() {
    return Attacks.Kind.TLS.asked();
  }

  @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
  @MethodSource("attacks")
  void isBounded(Attack attack) throws InterruptedException {
    AttackRun run = Bounds.hold(attack, service);
    assertThat(attack.isBounded(run.answers())).as("bounded: %s", run.answers()).isTrue();
  }
}
