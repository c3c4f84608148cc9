package dev.dueline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.sim.Simulation;
import org.junit.jupiter.api.Test;

/** A store that is away is asked soon again, and less and less. */
class AwayStoreTest {
  private final Simulation simulation = new Simulation(8, 1);

  @Test
  void aShardAsksAFewTimesASecond() {
    simulation.watch(simulation.replica(), Simulation.spec(10, "q"));
    simulation.network().storeIsAway(true);
    simulation.passMs(2_000);
    int before = simulation.network().calls("claim");

    simulation.passMs(10_000);

    // Each 250 ms, or as soon as after half of that.
    assertThat(simulation.network().calls("claim") - before).isBetween(40, 80);
  }

  @Test
  void itBeginsSoonAgainAfterEachSuccess() {
    simulation.watch(simulation.replica(), Simulation.spec(10, "q"));
    for (int i = 0; i < 3; i++) {
      simulation.network().storeIsAway(true);
      simulation.passMs(5_000);
      simulation.network().storeIsAway(false);
      simulation.passMs(1_000);
    }
    simulation.network().storeIsAway(true);
    simulation.scheduleIn("q", "a", 0);
    simulation.passMs(1);
    int before = simulation.network().calls("claim");

    simulation.passMs(125);

    // After 40 and 80 ms, or sooner.
    assertThat(simulation.network().calls("claim") - before).isBetween(2, 3);
  }
}
