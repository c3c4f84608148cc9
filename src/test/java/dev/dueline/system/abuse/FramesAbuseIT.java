package dev.dueline.system.abuse;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Floods of frames that carry nothing. */
@Tag("jvm")
class FramesAbuseIT {
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
    return Attacks.frames();
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("attacks")
  void isBoundedAndCut(Attack attack) throws InterruptedException {
    AttackRun run = Bounds.hold(attack, service);
    // A known caller may reset so many calls that a slow machine does not get there.
    if (!attack.name().contains("known caller")) {
      assertThat(run.answers()).as("ends of the attacker's connections").contains("connection ");
    }
  }
}
