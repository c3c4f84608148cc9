package dev.dueline.system.abuse;

import dev.dueline.system.abuse.attack.Attack;
import dev.dueline.system.abuse.attack.Attacks;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks by whoever reaches the port. */
@Tag("jvm")
class AnonymousAbuseIT {
  private static AbusedService service;

  @BeforeAll
  static void start(@TempDir Path data) {
    service = new AbusedService(data);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  static List<Attack> attacks() {
    return Attacks.anonymous();
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("attacks")
  void isBounded(Attack attack) throws InterruptedException {
    Bounds.hold(attack, service);
  }
}
