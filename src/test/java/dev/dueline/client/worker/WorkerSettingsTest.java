package dev.dueline.client.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WorkerSettingsTest {
  @Test
  void silenceIsNoticedBeforeLeasesAreOver() {
    WorkerSettings settings = WorkerSettings.of("mail");
    assertThat(settings.heartbeat()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.withLease(Duration.ofHours(1)).heartbeat())
        .isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.withLease(Duration.ofSeconds(2)).heartbeat())
        .isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aDelayBelowZeroIsNone() {
    assertThat(Result.retryIn(Duration.ofSeconds(-1))).isEqualTo(Result.retryIn(Duration.ZERO));
  }
}
