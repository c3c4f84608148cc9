package dev.dueline.ops.recent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.console.live.ReplicaFacts.Lateness;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The lateness of the last minutes, whose buckets count from the beginning. */
final class RecentLatenessTest {
  private final Timer timer =
      Timer.builder("lateness")
          .serviceLevelObjectives(
              Duration.ofMillis(1), Duration.ofMillis(10), Duration.ofMillis(100))
          .register(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));

  private final RecentLateness recent = new RecentLateness(timer, Duration.ofMillis(100));

  @Test
  void nothingIsSaidOfNoJobs() {
    assertThat(recent.lately()).isNull();
  }

  @Test
  void boundsAreThoseOfBuckets() {
    late(98, 1);
    late(1, 7);
    assertThat(recent.lately()).isEqualTo(new Lateness(1, 10));
    late(3, 5_000);
    assertThat(recent.lately()).isEqualTo(new Lateness(1, Long.MAX_VALUE));
  }

  @Test
  void whatIsOlderThanSomeMinutesIsForgotten() {
    late(10, 5_000);
    recent.minutePassed();
    late(10, 50);
    for (int minute = 1; minute < 5; minute++) {
      recent.minutePassed();
      assertThat(recent.lately()).isEqualTo(new Lateness(100, Long.MAX_VALUE));
    }
    recent.minutePassed();
    assertThat(recent.lately()).isEqualTo(new Lateness(100, 100));
    recent.minutePassed();
    assertThat(recent.lately()).isNull();
  }

  @Test
  void aRegistryThatKeepsNothingKnowsNothing() {
    RecentLateness unknown =
        new RecentLateness(
            Timer.builder("lateness").register(new CompositeMeterRegistry()), Duration.ofMillis(1));
    unknown.minutePassed();
    unknown.record(Duration.ZERO);
    assertThat(unknown.lately()).isNull();
  }

  private void late(int jobs, long ms) {
    for (int i = 0; i < jobs; i++) {
      recent.record(Duration.ofMillis(ms));
    }
  }
}
