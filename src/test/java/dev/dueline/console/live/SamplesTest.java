package dev.dueline.console.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.console.live.Samples.Failing;
import dev.dueline.store.failure.StoreRefusesException;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** How rounds fail is told since the first that failed so. */
class SamplesTest {
  private static final Throwable AWAY = new IllegalStateException("away");
  private static final Throwable REFUSES = new StoreRefusesException("NOPERM", null);

  private final Samples samples =
      new Samples(1_000, new TreeMap<>(), new TreeSet<>(), false, List.of(), null);

  @Test
  void theFirstOfSeveralTellsSinceWhen() {
    assertThat(samples.failed(2_000, AWAY).failed(4_000, AWAY).failing())
        .isEqualTo(new Failing(2_000, false));
  }

  @Test
  void aRefusalIsAnotherWayToFail() {
    assertThat(samples.failed(2_000, AWAY).failed(4_000, REFUSES).failing())
        .isEqualTo(new Failing(4_000, true));
  }
}
