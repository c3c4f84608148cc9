package dev.dueline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.lease.NackRule;
import dev.dueline.delivery.sim.SimulatedWatcher;
import dev.dueline.delivery.sim.Simulation;
import dev.dueline.job.QueueName;
import dev.dueline.store.queue.QueueTurns.Turn;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Housekeeping leaves a queue to the replica's own loops while they see to it. */
class QuietShardsTest {
  private static final QueueName WATCHED = new QueueName("watched");
  private static final Duration ROUND = Duration.ofSeconds(20);

  private final Simulation simulation = new Simulation(1, 2);
  private final Replica replica = simulation.replica();
  private final SimulatedWatcher watcher =
      simulation.watch(replica, Simulation.spec(10, "watched"));

  @BeforeEach
  void begin() {
    simulation.pass(Duration.ofSeconds(30));
    simulation.deal(new Turn(List.of(WATCHED), ROUND));
    replica.housekeeping().begin();
    simulation.pass(ROUND);
  }

  /** How often a round looks for what time has ended. */
  private int looks() {
    int before = simulation.network().calls("expire");
    simulation.pass(ROUND);
    return simulation.network().calls("expire") - before;
  }

  @Test
  void whatIsWatchedAndQuietIsNotLookedAt() {
    simulation.scheduleIn("watched", "later", 3_600_000);
    assertThat(looks()).isZero();
  }

  @Test
  void whatNobodyWatchesIs() {
    simulation.deal(new Turn(List.of(WATCHED, new QueueName("unwatched")), ROUND));
    simulation.pass(ROUND);
    assertThat(looks()).isEqualTo(2);
  }

  @Test
  void soIsAShardWithADeadJob() {
    simulation.scheduleIn("watched", "job", 0);
    simulation.passMs(100);
    NackRule toTheDead = new NackRule(null, true, true, "no");
    replica.leases().nack(watcher.tokens(), toTheDead).subscribe().with(done -> {});
    simulation.pass(ROUND);
    assertThat(looks()).isEqualTo(1);
  }

  @Test
  void soIsWhatIsNoLongerWatched() {
    watcher.watch().disconnected();
    simulation.pass(ROUND);
    assertThat(looks()).isEqualTo(2);
  }

  @Test
  void soIsWhatCannotBeAsked() {
    simulation.network().stalls(Duration.ofMinutes(2));
    simulation.passMs(2_000);
    assertThat(looks()).isPositive();
  }

  /** Its loops have heard nothing for longer than a minute, and do not know that. */
  @Test
  void soIsWhatHasNotAnswered() {
    simulation.network().stalls(Duration.ofMinutes(2));
    simulation.pass(Duration.ofMinutes(1));
    assertThat(looks()).isPositive();
  }
}
