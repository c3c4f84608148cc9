package dev.dueline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.sim.SimulatedWatcher;
import dev.dueline.delivery.sim.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where nothing happens, a replica asks the store no more often for many queues than for few. */
class IdleQueuesTest {
  private static final int QUEUES = 2_000;

  /** Of the calls for idle queues, those that look for jobs: four fifths. */
  private static final int BACKSTOPS = Simulation.IDLE_CALLS * 4 / 5;

  private final Simulation simulation = new Simulation(1, 1);
  private final List<SimulatedWatcher> watchers = new ArrayList<>();

  @BeforeEach
  void connect() {
    Replica replica = simulation.replica();
    for (int i = 0; i < QUEUES; i++) {
      watchers.add(simulation.watch(replica, Simulation.spec(10, "q" + i)));
    }
    // Until all are looked at and told of, and swept for the first time.
    simulation.pass(Duration.ofSeconds(30));
  }

  private int calls(String method) {
    return simulation.network().calls(method);
  }

  @Test
  void aReplicaKeepsToItsCallsASecond() {
    int claims = calls("claim");
    int presences = calls("present");
    simulation.pass(Duration.ofSeconds(60));
    assertThat(calls("claim") - claims).isBetween(58 * BACKSTOPS, 60 * BACKSTOPS + BACKSTOPS / 5);
    assertThat(calls("present") - presences)
        .isLessThanOrEqualTo(60 * (Simulation.IDLE_CALLS - BACKSTOPS) + BACKSTOPS / 5);
    assertThat(simulation.backstopFinds()).isZero();
  }

  @Test
  void aJobIsInTimeByItsAnnouncementAndItsTimer() {
    for (int i = 0; i < 100; i++) {
      simulation.scheduleIn("q" + i * 20, "near", 40 * i);
      simulation.scheduleIn("q" + (i * 20 + 1), "far", 120_000);
    }
    simulation.passMs(4_100);
    assertThat(lateness("near")).hasSize(100).allMatch(late -> late <= 1);
    simulation.pass(Duration.ofSeconds(120));
    assertThat(lateness("far")).hasSize(100).allMatch(late -> late <= 1);
    assertThat(simulation.backstopFinds()).isZero();
  }

  @Test
  void aLostAnnouncementIsMadeUpForWithinItsBound() {
    simulation.network().losesNews(() -> true);
    for (int i = 0; i < 100; i++) {
      simulation.scheduleIn("q" + i * 20, "lost", 0);
    }
    long boundMs = 1_000 + QUEUES * 1_000 / BACKSTOPS;
    simulation.passMs(boundMs + 100);
    assertThat(lateness("lost")).hasSize(100).allMatch(late -> late <= boundMs + 100);
    // Those found within a quarter of a second might have been announced late.
    assertThat(simulation.backstopFinds()).isBetween(90, 100);
  }

  @Test
  void allAreLookedAtInBurstsWhereNewsMayHaveBeenLost() {
    simulation.network().losesNews(() -> true);
    simulation.scheduleIn("q1999", "lost", 0);
    int claims = calls("claim");
    simulation.network().resubscribe();
    simulation.passMs(990);
    assertThat(calls("claim") - claims).isBetween(900, 1_100);
    simulation.passMs(QUEUES - 990);
    assertThat(lateness("lost")).hasSize(1);
    assertThat(calls("claim") - claims).isLessThan(QUEUES + 2 * BACKSTOPS + 10);
  }

  private List<Long> lateness(String id) {
    return watchers.stream()
        .flatMap(watcher -> watcher.received().stream())
        .filter(job -> job.job().id().value().equals(id) && job.attempt() == 1)
        .map(job -> job.dispatchMs() - job.dueMs())
        .toList();
  }
}
