package dev.dueline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.context.RedisStreamState;
import dev.dueline.delivery.sim.SimulatedWatcher;
import dev.dueline.delivery.sim.Simulation;
import dev.dueline.delivery.watch.RedisStreamQueueException;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.store.queue.RedisStreamTarget;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A queue that is delivered to Redis Streams, with no watcher connected. */
class RedisStreamDeliveryTest {
  private static final QueueName QUEUE = new QueueName("q");
  private static final int SHARDS = 2;

  private final Simulation simulation = new Simulation(1, SHARDS);

  @BeforeEach
  void enter() {
    simulation.streams().enter(QUEUE).await().indefinitely();
    deliver(new RedisStreamTarget("workers", 1_000));
  }

  @Test
  void aJobIsMovedTheMomentItFallsDueAndNotBefore() {
    simulation.feedingReplica();
    simulation.feedingReplica();
    simulation.passMs(2_000);
    simulation.scheduleIn("q", "job", 4_321);
    simulation.passMs(4_320);
    assertThat(simulation.entries("q")).isZero();
    simulation.passMs(2);
    assertThat(simulation.entries("q")).isEqualTo(1);
    assertThat(simulation.job("q", "job")).isEmpty();
    assertThat(simulation.backstopFinds()).isZero();
  }

  @Test
  void aQueueThatIsDeliveredToARedisStreamIsFedWithinASecond() {
    deliver(null);
    simulation.streams().leave(QUEUE).await().indefinitely();
    simulation.feedingReplica();
    simulation.scheduleIn("q", "job", 0);
    simulation.passMs(5_000);
    assertThat(simulation.entries("q")).isZero();
    enter();
    simulation.passMs(1_000);
    assertThat(simulation.entries("q")).isEqualTo(1);
  }

  @Test
  void whatIsDueWaitsWhileTheRedisStreamIsFullAndIsNotAskedForAllTheTime() {
    deliver(new RedisStreamTarget("workers", 10));
    simulation.feedingReplica();
    for (int i = 0; i < 100; i++) {
      simulation.scheduleIn("q", "job-" + i, 0);
    }
    simulation.passMs(2_000);
    assertThat(simulation.entries("q")).isEqualTo(10 * SHARDS);
    int feeds = simulation.network().calls("feed");
    simulation.passMs(1_000);
    assertThat(simulation.network().calls("feed") - feeds).isLessThanOrEqualTo(14 * SHARDS);
    assertThat(simulation.redisStreamStates().values())
        .containsOnly(RedisStreamState.FULL)
        .hasSize(SHARDS);

    simulation.consume("q");
    simulation.passMs(200);
    assertThat(simulation.entries("q")).isEqualTo(10 * SHARDS);
    assertThat(simulation.backstopFinds()).isZero();
    assertThat(simulation.redisStreamStates().values()).containsOnly(RedisStreamState.FULL);

    for (int i = 0; i < 10; i++) {
      simulation.consume("q");
      simulation.passMs(200);
    }
    assertThat(simulation.redisStreamStates().values()).containsOnly(RedisStreamState.OPEN);
  }

  @Test
  void aRedisStreamThatWasFullIsNoneOnceItsJobsGoToWatchers() {
    deliver(new RedisStreamTarget("workers", 1));
    simulation.feedingReplica();
    for (int i = 0; i < 100; i++) {
      simulation.scheduleIn("q", "job-" + i, 0);
    }
    simulation.passMs(2_000);
    assertThat(simulation.redisStreamStates().values())
        .containsOnly(RedisStreamState.FULL)
        .hasSize(SHARDS);
    deliver(null);
    simulation.streams().leave(QUEUE).await().indefinitely();
    simulation.passMs(3_000);
    assertThat(simulation.redisStreamStates().values()).containsOnly(RedisStreamState.NONE);
  }

  @Test
  void aPauseHoldsBackWhatGoesToARedisStream() {
    simulation.feedingReplica();
    simulation.passMs(1_000);
    simulation.shards("q").forEach(shard -> pause(shard, true));
    simulation.scheduleIn("q", "job", 100);
    simulation.passMs(3_000);
    assertThat(simulation.entries("q")).isZero();
    simulation.shards("q").forEach(shard -> pause(shard, false));
    simulation.passMs(5);
    assertThat(simulation.entries("q")).isEqualTo(1);
  }

  @Test
  void aReplicaThatLostAnAnnouncementFindsTheJobByTheBackstopAndSaysSo() {
    simulation.feedingReplica();
    simulation.passMs(2_000);
    simulation.network().losesNews(() -> true);
    simulation.scheduleIn("q", "job", 10);
    simulation.passMs(2_000);
    assertThat(simulation.entries("q")).isEqualTo(1);
    assertThat(simulation.backstopFinds()).isEqualTo(1);
  }

  @Test
  void jobsGoOnOnceTheStoreIsBack() {
    simulation.feedingReplica();
    simulation.passMs(1_000);
    simulation.network().storeIsAway(true);
    simulation.scheduleIn("q", "job", 100);
    simulation.passMs(5_000);
    simulation.network().storeIsAway(false);
    simulation.passMs(300);
    assertThat(simulation.entries("q")).isEqualTo(1);
  }

  @Test
  void aNameThatAFailoverLostIsPutBack() {
    simulation.feedingReplica();
    simulation.passMs(2_000);
    simulation.streams().leave(QUEUE).await().indefinitely();
    simulation.passMs(3_000);
    assertThat(simulation.streams().queues().await().indefinitely()).containsExactly(QUEUE);
  }

  @Test
  void aQueueThatGoesBackToWatchersIsLeftAlone() {
    simulation.feedingReplica();
    simulation.passMs(2_000);
    deliver(null);
    simulation.streams().leave(QUEUE).await().indefinitely();
    simulation.passMs(3_000);
    assertThat(simulation.streams().queues().await().indefinitely()).isEmpty();
    int feeds = simulation.network().calls("feed");
    simulation.passMs(3_000);
    assertThat(simulation.network().calls("feed")).isEqualTo(feeds);
  }

  @Test
  void nobodyCanWatchAQueueThatIsDeliveredToARedisStream() {
    Replica replica = simulation.replica();
    SimulatedWatcher watcher = simulation.watch(replica, Simulation.spec(1, "other", "q"));
    simulation.passMs(100);
    assertThat(watcher.refusal()).containsInstanceOf(RedisStreamQueueException.class);
    assertThat(watcher.isConnected()).isFalse();
  }

  @Test
  void aWatchBeginsAlsoWhileTheStoreCannotSayHowItsQueueIsDelivered() {
    simulation.network().storeIsAway(true);
    SimulatedWatcher watcher = simulation.watch(simulation.replica(), Simulation.spec(1, "q"));
    assertThat(watcher.isConnected()).isTrue();
  }

  /** Whether it would have waited or not, and whether the replica listens to the queue or not. */
  @ParameterizedTest
  @ValueSource(ints = {0, 60})
  void nobodyCanPullFromAQueueThatIsDeliveredToARedisStream(int seconds) {
    Replica replica = simulation.replica();
    for (int pull = 0; pull < 3; pull++) {
      Uni<List<Delivery>> jobs =
          replica.watchers().pull(0, List.of(QUEUE), 1, 1_000, Duration.ofSeconds(seconds));
      Assertions.assertThatThrownBy(() -> simulation.await(jobs, Duration.ofMillis(100)))
          .hasCauseInstanceOf(RedisStreamQueueException.class);
    }
  }

  @Test
  void aWatcherIsToldWhenItsQueueIsDeliveredToARedisStream() {
    deliver(null);
    SimulatedWatcher watcher = simulation.watch(simulation.replica(), Simulation.spec(1, "q"));
    simulation.passMs(5_000);
    assertThat(watcher.refusal()).isEmpty();
    deliver(new RedisStreamTarget("workers", 10));
    simulation.passMs(1_100);
    assertThat(watcher.refusal()).isPresent();
  }

  @Test
  void aLeaseThatRanOutWhileNobodyWatchedIsEndedAndItsJobGoesToTheRedisStream() {
    deliver(null);
    SimulatedWatcher watcher = simulation.watch(simulation.replica(), Simulation.spec(1, "q"));
    simulation.scheduleIn("q", "job", 0);
    simulation.passMs(100);
    assertThat(watcher.received()).hasSize(1);
    watcher.watch().disconnected();
    simulation.network().storeIsAway(true);
    simulation.passMs(60_000);
    simulation.network().storeIsAway(false);

    deliver(new RedisStreamTarget("workers", 10));
    simulation.feedingReplica();
    simulation.passMs(2_000);
    assertThat(simulation.entries("q")).isEqualTo(1);
  }

  private void pause(Shard shard, boolean isPaused) {
    simulation.operations().pause(shard, isPaused).await().indefinitely();
  }

  private void deliver(@Nullable RedisStreamTarget target) {
    for (Shard shard : simulation.shards("q")) {
      assertThat(simulation.streams().deliver(shard, target).await().indefinitely()).isTrue();
    }
  }
}
