package dev.dueline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.sim.SimulatedWatcher;
import dev.dueline.delivery.sim.Simulation;
import dev.dueline.delivery.watch.WatchSpec;
import dev.dueline.job.QueueName;
import dev.dueline.job.lease.Delivery;
import dev.dueline.store.news.LeaseEnd;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A watcher gets no more than it asked for, and all of it. */
class CreditTest {
  private final Simulation simulation = new Simulation(2, 1);
  private final Replica replica = simulation.replica();

  @Test
  void aWatcherHoldsNoMoreThanItsMaxOutstandingJobs() {
    backlog("q", 300);
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(100, "q"));
    simulation.passMs(1_000);
    assertThat(watcher.received()).hasSize(100);
    ack(replica, watcher, 0, 40);
    simulation.passMs(100);
    assertThat(watcher.received()).hasSize(140);
  }

  /** A pull ends when it has its jobs, and others of the same claim do not have theirs yet. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void noneGetsMoreWherePullsEndMeanwhile(long seed) {
    Simulation sharded = new Simulation(seed, 4);
    Random random = new Random(seed);
    sharded.network().latency(() -> Duration.ofNanos(random.nextLong(50_000, 20_000_000)));
    Replica one = sharded.replica();
    List<QueueName> queues = List.of(new QueueName("q"));
    List<SimulatedWatcher> watchers =
        Stream.of(15, 16, 17).map(max -> sharded.watch(one, Simulation.spec(max, "q"))).toList();
    for (int i = 0; i < 200; i++) {
      sharded.scheduleIn("q", "job" + i, random.nextInt(40));
      if (random.nextInt(4) == 0) {
        one.watchers()
            .pull(0, queues, 2, 30_000, Duration.ofSeconds(5))
            .subscribe()
            .with(jobs -> {});
      }
      sharded.passMs(random.nextInt(3));
    }
    sharded.passMs(5_000);
    assertThat(watchers)
        .extracting(watcher -> watcher.received().size())
        .containsExactly(15, 16, 17);
  }

  @Test
  void aWatcherThatDoesNotReadHasNoCreditAndNobodyWaitsForIt() {
    SimulatedWatcher stuck = simulation.watch(replica, Simulation.spec(100, "q"));
    stuck.stopReading();
    SimulatedWatcher other = simulation.watch(replica, Simulation.spec(1_000, "q"));
    backlog("q", 500);
    simulation.passMs(1_000);
    assertThat(stuck.received()).isEmpty();
    assertThat(other.received()).hasSize(500);
    stuck.readAgain();
    simulation.scheduleIn("q", "one more", 0);
    simulation.passMs(1_000);
    assertThat(stuck.received().size() + other.received().size()).isEqualTo(501);
  }

  @Test
  void watchersOfAQueueGetJobsInTurns() {
    SimulatedWatcher one = simulation.watch(replica, Simulation.spec(1_000, "q"));
    SimulatedWatcher other = simulation.watch(replica, Simulation.spec(1_000, "q"));
    backlog("q", 400);
    simulation.passMs(1_000);
    assertThat(one.received()).hasSizeBetween(150, 250);
    assertThat(one.received().size() + other.received().size()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void jobsThatComeOneByOneGoToEachWatcherInTurn(int watchers) {
    List<SimulatedWatcher> all =
        Stream.generate(() -> simulation.watch(replica, Simulation.spec(10, "q")))
            .limit(watchers)
            .toList();
    all.forEach(
        watcher ->
            watcher.onDelivery(
                job -> replica.leases().ack(List.of(job.token())).subscribe().with(done -> {})));
    for (int i = 0; i < 10 * watchers; i++) {
      simulation.scheduleIn("q", "job" + i, 0);
      simulation.passMs(20);
    }
    assertThat(all).extracting(watcher -> watcher.received().size()).containsOnly(10);
  }

  @Test
  void anEarlierQueueGoesFirstWhileBothHaveDueJobs() {
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(5, "high", "low"));
    watcher.onDelivery(
        job ->
            simulation.at(
                Duration.ofMillis(1),
                () -> replica.leases().ack(List.of(job.token())).subscribe().with(done -> {})));
    backlog("low", 50);
    backlog("high", 50);
    simulation.passMs(2_000);
    List<QueueName> order =
        watcher.received().stream().map(job -> job.token().shard().queue()).toList();
    assertThat(order).hasSize(100);
    // What the first claims took of "low" before "high" was known to have due jobs is in its lease.
    assertThat(order.subList(10, 50)).containsOnly(new QueueName("high"));
  }

  @Test
  void anAckAtAnotherReplicaGivesCreditBack() {
    backlog("q", 20);
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(10, "q"));
    ack(simulation.replica(), watcher, 0, 10);
    simulation.passMs(100);
    assertThat(watcher.received()).hasSize(20);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whenThatNewsIsLostCreditComesBackWithinTwoSeconds(boolean isExtending) {
    backlog("q", 30);
    SimulatedWatcher watcher = simulation.watch(replica, spec(10, isExtending));
    simulation.network().losesNews(() -> true);
    ack(simulation.replica(), watcher, 0, 10);
    simulation.passMs(2_010);
    assertThat(watcher.received()).hasSize(20);
    ack(simulation.replica(), watcher, 10, 20);
    simulation.passMs(2_010);
    assertThat(watcher.received()).hasSize(30);
  }

  @Test
  void alsoWhileOthersOfItsLeasesEnd() {
    backlog("q", 1_000);
    SimulatedWatcher watcher = simulation.watch(replica, spec(10, true));
    Replica other = simulation.replica();
    simulation.network().losesNews(() -> true);
    ack(other, watcher, 0, 9);
    simulation.network().losesNews(() -> false);
    ack(other, watcher, 9, 10);
    watcher.onDelivery(job -> simulation.at(Duration.ofMillis(300), () -> ackLater(other, job)));
    simulation.passMs(3_000);
    assertThat(watcher.received()).hasSizeGreaterThan(50);
  }

  @Test
  void afterAGapInTheNewsCreditComesBackAtOnce() {
    backlog("q", 20);
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(10, "q"));
    simulation.network().losesNews(() -> true);
    ack(simulation.replica(), watcher, 0, 10);
    simulation.network().losesNews(() -> false);
    simulation.network().resubscribe();
    simulation.passMs(1);
    assertThat(watcher.received()).hasSize(20);
  }

  /** After 1, 3 and 7 seconds, and with each extension. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoseJobsTakeLongIsAskedAboutLessAndLess(boolean isExtending) {
    backlog("q", 20);
    SimulatedWatcher watcher = simulation.watch(replica, spec(10, isExtending));
    simulation.passMs(9_900);
    assertThat(simulation.network().calls("extend")).isEqualTo(3);
    assertThat(watcher.received()).hasSize(10);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void afterAJobThatTookLongTheNextIsAskedAboutSoonAgain(boolean isExtending) {
    backlog("q", 3);
    SimulatedWatcher watcher = simulation.watch(replica, spec(1, isExtending));
    simulation.passMs(20_000);
    ack(replica, watcher, 0, 1);
    simulation.network().losesNews(() -> true);
    ack(simulation.replica(), watcher, 1, 2);
    simulation.passMs(2_010);
    assertThat(watcher.received()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void afterAnOutageOfTheStoreItIsAskedSoon(boolean isExtending) {
    backlog("q", 20);
    SimulatedWatcher watcher = simulation.watch(replica, spec(10, isExtending));
    simulation.network().storeIsAway(true);
    simulation.passMs(20_000);
    simulation.network().storeIsAway(false);
    simulation.network().losesNews(() -> true);
    ack(simulation.replica(), watcher, 0, 10);
    simulation.passMs(2_010);
    assertThat(watcher.received()).hasSize(20);
  }

  /** However often others end: of each the first time after a second, then ever later. */
  @Test
  void eachLeaseIsAskedAboutForItself() {
    backlog("q", 100);
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(10, "q"));
    for (int i = 0; i < 16; i++) {
      simulation.passMs(1_500);
      ack(replica, watcher, i, i + 1);
    }
    assertThat(watcher.received()).hasSize(26);
    assertThat(simulation.network().items("extend")).isBetween(26, 4 * 26);
  }

  /** Whoever ends it tells that it ran out, which makes its watcher a silent one. */
  @Test
  void aLeaseThatIsRunningOutIsNotAskedAbout() {
    backlog("q", 1);
    simulation.network().latency(() -> Duration.ofMillis(15));
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(1, "q"));
    simulation.passMs(100);
    simulation.passMs(watcher.received().get(0).leaseExpiryMs() - simulation.nowMs() - 10);
    simulation.network().resubscribe();
    simulation.passMs(500);
    assertThat(watcher.lost()).containsValue(LeaseEnd.EXPIRED);
  }

  @Test
  void whoHasRoomIsNotAskedAbout() {
    backlog("q", 9);
    simulation.watch(replica, Simulation.spec(10, "q"));
    simulation.passMs(29_900);
    assertThat(simulation.network().calls("extend")).isZero();
  }

  @Test
  void aLeaseExtendedAtAnotherReplicaGivesNoCredit() {
    backlog("q", 20);
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(10, "q"));
    simulation.network().losesNews(() -> true);
    List<Long> expiries =
        simulation.await(
            simulation.replica().leases().extend(watcher.tokens(), 60_000), Duration.ofMillis(5));
    assertThat(expiries).hasSize(10).doesNotContain(0L);
    simulation.passMs(50_000);
    assertThat(watcher.received()).hasSize(10);
  }

  @Test
  void oneWatcherOfFourShardsStaysWithinItsCredit() {
    Simulation sharded = new Simulation(3, 4);
    Replica four = sharded.replica();
    for (int i = 0; i < 200; i++) {
      sharded.scheduleIn("q", "job" + i, 0);
    }
    SimulatedWatcher watcher = sharded.watch(four, Simulation.spec(10, "q"));
    sharded.passMs(1_000);
    assertThat(watcher.received()).hasSize(10);
    watcher.onDelivery(
        job ->
            sharded.at(
                Duration.ofMillis(1),
                () -> four.leases().ack(List.of(job.token())).subscribe().with(done -> {})));
    four.leases().ack(watcher.tokens()).subscribe().with(done -> {});
    sharded.passMs(2_000);
    assertThat(watcher.received()).hasSize(200);
  }

  private static WatchSpec spec(int maxOutstanding, boolean isExtending) {
    List<QueueName> queues = List.of(new QueueName("q"));
    return new WatchSpec("w", 0, queues, maxOutstanding, 30_000, isExtending, false, false);
  }

  private void backlog(String queue, int jobs) {
    for (int i = 0; i < jobs; i++) {
      simulation.scheduleIn(queue, "job" + i, 0);
    }
  }

  private static void ackLater(Replica at, Delivery job) {
    at.leases().ack(List.of(job.token())).subscribe().with(done -> {});
  }

  private void ack(Replica at, SimulatedWatcher watcher, int from, int to) {
    List<Boolean> results =
        simulation.await(at.leases().ack(watcher.tokens().subList(from, to)), Duration.ofMillis(5));
    assertThat(results).hasSize(to - from).containsOnly(true);
  }
}
