package dev.dueline.ops.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeldJobsTest {
  @Test
  void eachWindowHasTheLabelThatSaysHowLongItIs() {
    List<Duration> named =
        new HeldJobs()
            .ahead().keySet().stream().map(label -> Duration.parse("PT" + label)).toList();
    assertThat(named).isEqualTo(HeldJobs.windows());
  }
}
