package dev.dueline.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.delivery.sim.SimulatedWatcher;
import dev.dueline.delivery.sim.Simulation;
import dev.dueline.job.lease.Delivery;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A sink that throws is a bug, and costs no more than the jobs that it was given. */
final class ThrowingSinkTest {
  private final Simulation simulation = new Simulation(2, 1);
  private final Replica replica = simulation.replica();
  private boolean isThrowing;

  @BeforeEach
  void noNewsHelps() {
    simulation.network().losesNews(() -> true);
  }

  private void deliver(Delivery job) {
    if (isThrowing) {
      isThrowing = false;
      throw new IllegalStateException("a bug");
    }
  }

  private void passUntilItThrows() {
    isThrowing = true;
    assertThatThrownBy(() -> simulation.passMs(5_000)).hasMessage("a bug");
  }

  @Test
  void theLoopGoesOn() {
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(10, "q"));
    watcher.onDelivery(this::deliver);
    simulation.scheduleIn("q", "first", 0);
    simulation.scheduleIn("q", "later", 10_000);
    passUntilItThrows();

    simulation.passMs(11_000);

    assertThat(watcher.ids()).contains("later");
    assertThat(simulation.backstopFinds()).isLessThanOrEqualTo(1);
  }

  @Test
  void othersOfTheSameClaimHaveTheirJobsAndAllTheirCredit() {
    SimulatedWatcher bad = simulation.watch(replica, Simulation.spec(2, "q"));
    SimulatedWatcher good = simulation.watch(replica, Simulation.spec(2, "q"));
    bad.onDelivery(this::deliver);
    for (int i = 0; i < 4; i++) {
      simulation.scheduleIn("q", "job" + i, 0);
    }
    passUntilItThrows();
    simulation.passMs(1_000);

    assertThat(good.received()).hasSize(2);
    // Until its leases run out, the jobs that it was given count, and no others.
    assertThat(bad.watch()).isNotNull();
    good.tokens()
        .forEach(
            token -> replica.leases().ack(java.util.List.of(token)).subscribe().with(done -> {}));
    for (int i = 4; i < 6; i++) {
      simulation.scheduleIn("q", "job" + i, 0);
    }
    simulation.passMs(2_000);
    assertThat(good.received()).hasSize(4);
  }
}
