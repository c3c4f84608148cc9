package dev.dueline.grpc.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What callers are told of bounds. */
class FieldChecksTest {
  @ParameterizedTest
  @CsvSource({
    "PT0.000000001S, P36500D, must be 1 ns to 3153600000 s",
    "PT0S, PT1H, must be 0 s to 3600 s",
    "PT0.0015S, PT0.25S, must be 1500000 ns to 250 ms",
    "PT1S, PT90.5S, must be 1 s to 90500 ms",
  })
  void aDurationsBoundsAreToldExactly(Duration least, Duration most, String description) {
    FieldChecks fields = new FieldChecks();
    fields.duration("ttl", Durations.fromSeconds(-1), least, most);
    assertThat(fields.exception().violations())
        .singleElement()
        .matches(violation -> violation.getDescription().equals(description));
  }
}
