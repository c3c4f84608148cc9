package dev.dueline.system.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.abuse.attack.Attacker;
import dev.dueline.system.abuse.attack.Attacks;
import dev.dueline.system.abuse.attack.Target;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.ServiceProcess;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * What the bounds keep from happening: where they are set far beyond the heap, the same attack ends
 * the process, on a JVM as natively, and it says why.
 */
class OutOfBoundsIT {
  private static final Duration LONGEST = Duration.ofMinutes(3);

  /** Of the service, and of the JVM or the binary that was started with the option. */
  private static final String[] REASONS = {
    "Out of memory: ", "Terminating due to java.lang.OutOfMemoryError"
  };

  @Test
  void aServiceWhoseMemoryRanOutEndsByItself() throws Exception {
    try (RedisServer redis = RedisServer.inMemory();
        ServiceProcess service =
            ServiceProcess.start(
                "-Xmx96m",
                "-XX:MaxDirectMemorySize=1g",
                "quarkus.redis.hosts=redis://127.0.0.1:" + redis.port(),
                "dueline.limits.message-bytes=4000000000",
                "dueline.limits.message-bytes-per-connection=2000000000")) {
      Target anybody = new Target(service.port(), 0, 0, "", "");
      try (Attacker attacker = Attacker.start(Attacks.unendedRequests(), anybody, LONGEST)) {
        assertThat(service.awaitEnd()).as(service::log).isEqualTo(3);
        assertThat(attacker.isOver()).as("the attack went on until then").isFalse();
      }
      assertThat(service.log()).containsAnyOf(REASONS);
    }
  }
}
