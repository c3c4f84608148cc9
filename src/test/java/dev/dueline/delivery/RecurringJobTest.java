package dev.dueline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.sim.SimulatedWatcher;
import dev.dueline.delivery.sim.Simulation;
import dev.dueline.delivery.watch.WatchSpec;
import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.job.recurrence.Runs;
import dev.dueline.store.call.ScheduleItem;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A recurring job comes again by itself, whatever became of its last run. */
class RecurringJobTest {
  private static final long MINUTE = 60_000;

  private final Simulation simulation = new Simulation(9, 1);
  private final Replica replica = simulation.replica();

  @Test
  void eachRunIsDeliveredWhenItIsDue() {
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(1, "q"));
    watcher.onDelivery(
        job -> replica.leases().ack(List.of(job.token())).subscribe().with(acked -> {}));
    schedule(0);
    simulation.passMs(10 * MINUTE + 100);
    List<Delivery> runs = watcher.received();
    assertThat(runs).hasSize(11);
    for (int i = 1; i < runs.size(); i++) {
      assertThat(runs.get(i).dueMs()).isEqualTo(runs.get(0).dueMs() + i * MINUTE);
      assertThat(runs.get(i).dispatchMs() - runs.get(i).dueMs()).isBetween(0L, 20L);
    }
  }

  @Test
  void autoAckSetsTheNextRun() {
    schedule(0);
    WatchSpec auto =
        new WatchSpec("w", 0, List.of(new QueueName("q")), 1, 30_000, false, true, false);
    SimulatedWatcher watcher = simulation.watch(replica, auto);
    simulation.passMs(5 * MINUTE + 100);
    assertThat(watcher.received()).hasSizeBetween(5, 6);
    assertThat(runs().completed()).isEqualTo(watcher.received().size());
  }

  @Test
  void aRunThatNobodyAcknowledgesDiesAndTheNextOneComes() {
    schedule(0);
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(5, "q"));
    simulation.passMs(4 * MINUTE + 10_000);
    // Two attempts of 30 s each, then the next run; each comes 30 s after the lease before ran out,
    // for the watcher is silent, and alone.
    assertThat(watcher.received().stream().map(Delivery::attempt).limit(4))
        .containsExactly(1, 2, 1, 2);
    assertThat(runs().died()).isEqualTo(2);
    assertThat(simulation.job("q", "r").orElseThrow().failures().last()).isEqualTo("lease expired");
  }

  @Test
  void aRunThatCameTooLateIsDroppedAndTheNextOneComes() {
    schedule(5_000);
    simulation.pass(Duration.ofMillis(3 * MINUTE + 30_000));
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(5, "q"));
    simulation.passMs(1_000);
    assertThat(watcher.received()).isEmpty();
    // The one run that made up for those missed was too late as well.
    assertThat(runs()).isEqualTo(new Runs(0, 0, 4));
    assertThat(simulation.job("q", "r").orElseThrow().state()).isEqualTo(JobState.PENDING);
    simulation.passMs(MINUTE / 2);
    assertThat(watcher.received()).hasSize(1);
    assertThat(watcher.received().get(0).attempt()).isEqualTo(1);
  }

  private Runs runs() {
    return Objects.requireNonNull(simulation.job("q", "r").orElseThrow().job().series()).runs();
  }

  private void schedule(long ttlMs) {
    JobId id = new JobId("r");
    NewJob job =
        new NewJob(
            id,
            new Due.At(simulation.nowMs()),
            new byte[0],
            new TreeMap<>(),
            new RetryPolicy(2, 0, 0, 1, 0),
            ttlMs,
            Recurrence.of(new Every(MINUTE)),
            null);
    simulation
        .store()
        .schedule(
            simulation.shardOf("q", id), List.of(new ScheduleItem(job, ConflictPolicy.REJECT)))
        .await()
        .indefinitely();
  }
}
