package dev.dueline.ops.recent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.console.live.ReplicaFacts.ClockStep;
import dev.dueline.console.live.ReplicaFacts.Repairs;
import dev.dueline.job.QueueName;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is told of incidents is that of the last hour, each growing old by itself. */
class RecentIncidentsTest {
  private static final QueueName A = new QueueName("a");
  private static final QueueName B = new QueueName("b");
  private static final Instant START = Instant.ofEpochMilli(1_700_000_000_000L);

  private Instant now = START;
  private final RecentIncidents incidents = new RecentIncidents(() -> now);

  @Test
  void repairsAreThoseOfTheLastHour() {
    incidents.repaired(A, 3);
    at(40);
    incidents.repaired(A, 2);
    long lastMs = now.toEpochMilli();
    assertThat(incidents.repairs()).containsExactly(new Repairs("a", lastMs, 5));
    at(61);
    assertThat(incidents.repairs()).containsExactly(new Repairs("a", lastMs, 2));
    at(101);
    assertThat(incidents.repairs()).isEmpty();
  }

  @Test
  void stepsOfClocksAreThoseOfTheLastHour() {
    incidents.clockStepped("redis:1", Duration.ofMinutes(3));
    at(40);
    incidents.clockStepped("redis:2", Duration.ofMinutes(-2));
    assertThat(incidents.clockSteps())
        .extracting(ClockStep::server)
        .containsExactly("redis:2", "redis:1");
    at(61);
    assertThat(incidents.clockSteps()).extracting(ClockStep::server).containsExactly("redis:2");
    at(101);
    assertThat(incidents.clockSteps()).isEmpty();
  }

  @Test
  void theQueueThatWasRepairedLastIsAtTheEnd() {
    incidents.repaired(A, 1);
    incidents.repaired(B, 1);
    incidents.repaired(A, 1);
    assertThat(incidents.repairs()).extracting(Repairs::queue).containsExactly("b", "a");
  }

  @Test
  void nothingRepairedIsNoIncident() {
    incidents.repaired(A, 0);
    assertThat(incidents.repairs()).isEmpty();
  }

  @Test
  void onlySoManyAreKept() {
    for (int i = 0; i < 1_001; i++) {
      incidents.repaired(A, 1);
      incidents.clockStepped("redis:" + i, Duration.ofMinutes(2));
    }
    assertThat(incidents.repairs()).extracting(Repairs::count).containsExactly(1_000L);
    assertThat(incidents.clockSteps())
        .hasSize(100)
        .first()
        .extracting(ClockStep::server)
        .isEqualTo("redis:1000");
  }

  private void at(int minutes) {
    now = START.plus(Duration.ofMinutes(minutes));
  }
}
