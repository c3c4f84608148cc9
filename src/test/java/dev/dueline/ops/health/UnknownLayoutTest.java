package dev.dueline.ops.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.store.redis.RedisStore;
import org.junit.jupiter.api.Test;

class UnknownLayoutTest {
  private static final String ORDINARY = RedisStore.LAYOUT;
  private static final String MOVED = RedisStore.TEST_CLOCK_LAYOUT;

  @Test
  void itsOwnIsTaken() {
    UnknownLayoutException.check(ORDINARY, ORDINARY);
    UnknownLayoutException.check(MOVED, MOVED);
  }

  @Test
  void jobsOfAMovedClockAreForTestsOnlyAndTheOtherWayRound() {
    // By versions that know of no such clock, too, which compare the whole text.
    assertThat(MOVED).isNotEqualTo(ORDINARY);
    assertThatThrownBy(() -> UnknownLayoutException.check(MOVED, ORDINARY))
        .hasMessageContaining("--test-clock");
    assertThatThrownBy(() -> UnknownLayoutException.check(ORDINARY, MOVED))
        .hasMessageContaining("--data-dir");
  }

  @Test
  void thatOfAnotherVersionIsRefusedByBoth() {
    assertThatThrownBy(() -> UnknownLayoutException.check("99", ORDINARY))
        .hasMessageContaining("run the version that wrote them");
    assertThatThrownBy(() -> UnknownLayoutException.check("99", MOVED))
        .hasMessageContaining("layout 99");
  }
}
