package dev.dueline.system.abuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.dueline.system.abuse.attack.Attack;
import dev.dueline.system.abuse.attack.Attacks;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One attack after the other, each beside a client that must be served. */
class AttackIT {
  private static AbusedService service;

  @BeforeAll
  static void start(@TempDir Path data) {
    service = new AbusedService(data);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  static Stream<Arguments> attacks() {
    return Stream.of(Attacks.Kind.values())
        .filter(kind -> kind != Attacks.Kind.TLS)
        .flatMap(kind -> kind.asked().stream().map(attack -> arguments(kind, attack)));
  }

  @ParameterizedTest(name = "{0}: {1}", allowZeroInvocations = true)
  @MethodSource("attacks")
  void isBounded(Attacks.Kind kind, Attack attack) throws InterruptedException {
    AttackRun run = Bounds.hold(attack, service);
    assertThat(attack.isBounded(run.answers())).as("bounded: %s", run.answers()).isTrue();
    // A known caller may reset so many calls that a slow machine does not get there.
    if (kind == Attacks.Kind.FRAMES && !attack.name().contains("known caller")) {
      assertThat(run.answers()).as("ends of the attacker's connections").contains("connection ");
    }
  }
}
