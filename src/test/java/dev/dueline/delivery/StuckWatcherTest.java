package dev.dueline.delivery;

import static dev.dueline.job.JobState.LEASED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.sim.SimulatedWatcher;
import dev.dueline.delivery.sim.Simulation;
import dev.dueline.delivery.watch.WatchSpec;
import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.news.LeaseEnd;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A watcher that lets leases run out is passed over until it acts, and gets less for a while. */
class StuckWatcherTest {
  private static final long LEASE_MS = 5_000;
  private static final RetryPolicy ONCE = new RetryPolicy(1, 1_000, 600_000, 2, 0.1);
  private static final RetryPolicy TWICE = new RetryPolicy(2, 1_000, 600_000, 2, 0.1);

  private final Simulation simulation = new Simulation(8, 1);
  private final Replica replica = simulation.replica();
  private final Replica other = simulation.replica();

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noJobDiesBesideOneThatIsStuckWhileAnotherIsIdle(boolean isSameReplica) {
    SimulatedWatcher stuck = simulation.watch(replica, spec(300));
    SimulatedWatcher healthy = simulation.watch(isSameReplica ? replica : other, spec(100));
    settle(healthy, job -> true);
    for (int i = 0; i < 400; i++) {
      schedule("job" + i);
      simulation.passMs(20);
    }
    simulation.passMs(3 * LEASE_MS);
    assertThat(stuck.received()).isNotEmpty().allMatch(job -> job.attempt() == 1);
    assertThat(stuck.lost()).hasSameSizeAs(stuck.received()).containsValue(LeaseEnd.EXPIRED);
    assertThat(healthy.ids()).hasSize(400).doesNotHaveDuplicates();
    assertThat(dead()).isZero();
  }

  /** The job of a lease that ran out is due again before the stuck one's replica hears of it. */
  @ParameterizedTest
  @ValueSource(ints = {1_000, 1_500, 2_000, 2_500, 3_000, 4_000})
  void noRetryGoesToOneThatIsStuckWhileAnotherReplicaHasOneThatIsIdle(int leaseMs) {
    Random random = new Random(leaseMs);
    simulation.network().latency(() -> Duration.ofNanos(random.nextLong(50_000, 20_000_000)));
    SimulatedWatcher stuck = simulation.watch(replica, spec(200, leaseMs));
    SimulatedWatcher healthy = simulation.watch(other, spec(200, leaseMs));
    settle(healthy, job -> true);
    for (int i = 0; i < 400; i++) {
      schedule("job" + i);
      simulation.passMs(10);
    }
    simulation.passMs(5 * leaseMs);
    assertThat(stuck.received()).isNotEmpty().allMatch(job -> job.attempt() == 1);
    assertThat(healthy.ids()).hasSize(400).doesNotHaveDuplicates();
    assertThat(dead()).isZero();
  }

  @Test
  void itIsNotTheClientsDoingIfTheServerCouldNotExtendItsLease() {
    SimulatedWatcher extended = simulation.watch(replica, extending(1));
    simulation.scheduleIn("q", "lost", 0);
    simulation.passMs(100);
    SimulatedWatcher full = simulation.watch(replica, extending(1));
    simulation.network().storeIsAway(true);
    simulation.passMs(2 * LEASE_MS);
    simulation.network().storeIsAway(false);
    simulation.passMs(LEASE_MS);
    assertThat(extended.lost()).containsValue(LeaseEnd.EXPIRED);
    simulation.scheduleIn("q", "next", 0);
    simulation.passMs(1_000);
    assertThat(extended.received().size() + full.received().size()).isEqualTo(3);
    assertThat(full.received()).hasSize(1);
  }

  /** It acts, so it is not silent, but it lets each second job run out. */
  @Test
  void noJobDiesBesideOneThatIsHalfStuckWhileAnotherIsIdle() {
    SimulatedWatcher half = simulation.watch(replica, spec(50));
    settle(half, job -> job.job().id().value().hashCode() % 2 == 0);
    SimulatedWatcher healthy = simulation.watch(replica, spec(50));
    settle(healthy, job -> true);
    for (int i = 0; i < 400; i++) {
      schedule("job" + i);
      simulation.passMs(50);
    }
    simulation.passMs(3 * LEASE_MS);
    assertThat(half.lost()).isNotEmpty();
    assertThat(dead()).isZero();
    assertThat(simulation.operations().stats(shard()).await().indefinitely().leased()).isZero();
  }

  @Test
  void oneThatIsAloneGetsOneJobEachLeaseUntilItActs() {
    SimulatedWatcher watcher = simulation.watch(replica, spec(10));
    for (int i = 0; i < 50; i++) {
      simulation.scheduleIn("q", "job" + i, 0);
    }
    simulation.passMs(LEASE_MS + 1_000);
    assertThat(watcher.received()).hasSize(10);
    simulation.passMs(LEASE_MS);
    assertThat(watcher.received()).hasSize(11);
    simulation.passMs(10 * LEASE_MS);
    assertThat(watcher.received()).hasSizeBetween(15, 17);
    int before = watcher.received().size();
    // Too late, but a sign of life, at another replica: it need not wait for its turn.
    while (simulation.job("q", watcher.ids().get(before - 1)).orElseThrow().state() == LEASED) {
      simulation.passMs(100);
    }
    assertThat(ack(other, watcher.received().get(0))).isFalse();
    simulation.passMs(100);
    assertThat(watcher.received()).hasSize(before + 1);
    settle(watcher, job -> true);
    ack(other, watcher.received().get(before));
    simulation.passMs(1_000);
    assertThat(simulation.operations().stats(shard()).await().indefinitely().pending()).isZero();
  }

  @Test
  void itIsNotGivenAJobInItsTurnWhileAnotherIsThereThoughBusy() {
    SimulatedWatcher stuck = simulation.watch(replica, spec(1));
    simulation.scheduleIn("q", "first", 0);
    simulation.passMs(100);
    SimulatedWatcher busy =
        simulation.watch(
            replica,
            new WatchSpec("w", 0, List.of(new QueueName("q")), 1, 600_000, false, false, false));
    simulation.passMs(LEASE_MS);
    assertThat(busy.ids()).containsExactly("first");
    simulation.scheduleIn("q", "second", 0);
    simulation.passMs(10 * LEASE_MS);
    assertThat(stuck.ids()).containsExactly("first");
    busy.watch().disconnected();
    simulation.passMs(1_500);
    assertThat(stuck.ids()).containsExactly("first", "second");
  }

  @Test
  void oneThatIsSilentIsAskedOnceTheOtherHasLeft() {
    SimulatedWatcher silent = simulation.watch(replica, spec(1));
    schedule("lost");
    simulation.passMs(LEASE_MS + 100);
    SimulatedWatcher busy = simulation.watch(replica, spec(1, 10 * LEASE_MS));
    simulation.passMs(LEASE_MS + 100);
    assertThat(busy.ids()).containsExactly("lost");
    schedule("next");
    simulation.passMs(2_000);
    assertThat(silent.ids()).containsExactly("lost");
    busy.watch().disconnected();
    simulation.passMs(100);
    assertThat(silent.ids()).containsExactly("lost", "next");
  }

  /** Looks of the other shards, for announcements that were lost, do not take its turn. */
  @ParameterizedTest
  @ValueSource(ints = {0, 150, 300, 450, 600, 750, 900})
  void oneThatIsAloneIsAskedAsSoonAsAJobIsOverdue(int offsetMs) {
    Simulation many = new Simulation(8, 16);
    SimulatedWatcher watcher = many.watch(many.replica(), spec(1));
    schedule(many, "first", ONCE);
    many.passMs(4 * LEASE_MS + offsetMs);
    assertThat(watcher.lost()).hasSize(1);
    long dueMs = many.nowMs();
    watcher.onDelivery(job -> assertThat(many.nowMs() - dueMs).isBetween(1_000L, 1_050L));
    schedule(many, "second", ONCE);
    many.passMs(3_000);
    assertThat(watcher.ids()).containsExactly("first", "second");
  }

  @Test
  void anExtensionAtAnotherReplicaIsASignOfLifeAndKeepsTheLease() {
    SimulatedWatcher watcher = simulation.watch(replica, spec(10));
    simulation.scheduleIn("q", "kept", 0);
    simulation.scheduleIn("q", "lost", 0);
    simulation.passMs(1_000);
    Delivery kept = watcher.received().get(0);
    simulation.await(other.leases().extend(List.of(kept.token()), 60_000), Duration.ofMillis(5));
    int asked = simulation.network().calls("extend");
    simulation.passMs(LEASE_MS);
    simulation.scheduleIn("q", "next", 0);
    simulation.passMs(100);
    assertThat(watcher.received()).hasSize(2);
    simulation.await(other.leases().extend(List.of(kept.token()), 60_000), Duration.ofMillis(5));
    simulation.passMs(100);
    assertThat(watcher.received()).hasSize(4);
    assertThat(simulation.network().calls("extend") - asked).isEqualTo(1);
  }

  private void schedule(String id) {
    schedule(simulation, id, TWICE);
  }

  private static void schedule(Simulation simulation, String id, RetryPolicy policy) {
    JobId jobId = new JobId(id);
    NewJob job = new NewJob(jobId, new Due.After(0), new byte[10], new TreeMap<>(), policy, 0);
    simulation
        .store()
        .schedule(
            simulation.shardOf("q", jobId), List.of(new ScheduleItem(job, ConflictPolicy.REJECT)))
        .await()
        .indefinitely();
  }

  private Shard shard() {
    return simulation.shards("q").get(0);
  }

  private long dead() {
    return simulation.operations().stats(shard()).await().indefinitely().dead();
  }

  private void settle(SimulatedWatcher watcher, Predicate<Delivery> some) {
    watcher.onDelivery(
        job -> {
          if (some.test(job)) {
            simulation.at(
                Duration.ofMillis(10),
                () -> other.leases().ack(List.of(job.token())).subscribe().with(done -> {}));
          }
        });
  }

  private boolean ack(Replica at, Delivery job) {
    return simulation.await(at.leases().ack(List.of(job.token())), Duration.ofMillis(5)).get(0);
  }

  private static WatchSpec extending(int maxOutstanding) {
    return new WatchSpec(
        "w", 0, List.of(new QueueName("q")), maxOutstanding, LEASE_MS, true, false, false);
  }

  private static WatchSpec spec(int maxOutstanding) {
    return spec(maxOutstanding, LEASE_MS);
  }

  private static WatchSpec spec(int maxOutstanding, long leaseMs) {
    return new WatchSpec(
        "w", 0, List.of(new QueueName("q")), maxOutstanding, leaseMs, false, false, false);
  }
}
