package dev.dueline.delivery.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.delivery.Replica;
import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.context.DeliveryObserver;
import dev.dueline.delivery.limit.WatchLimits;
import dev.dueline.delivery.sim.SimulatedLoop;
import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.operation.TestStore;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.QueueTurns.Turn;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Queues that nobody uses are deleted where an operator wants that. */
class IdleHousekeepingTest {
  private static final QueueName BUSY = new QueueName("busy");
  private static final QueueName IDLE = new QueueName("idle");
  private static final Duration TTL = Duration.ofMinutes(10);
  private static final Duration NEXT_TURN = Duration.ofSeconds(20);

  /** Until the next turn, with what replicas are spread by. */
  private static final Duration TURN = NEXT_TURN.plusMillis(200);

  private final SimulatedLoop loop = new SimulatedLoop();
  private final TestStore store = new TestStore(1);
  private final List<QueueName> deleted = new ArrayList<>();
  private final DeliveryObserver observer =
      new DeliveryObserver() {
        @Override
        public void idleQueueDeleted(QueueName queue) {
          deleted.add(queue);
        }
      };

  @BeforeEach
  void givenABusyQueueAndAnIdleOne() {
    store.queues.put(BUSY, new QueueLayout(BUSY, 1));
    store.queues.put(IDLE, new QueueLayout(IDLE, 3));
    NewJob job = NewJob.of(new JobId("a"), new Due.After(0), new byte[0]);
    List<ScheduleItem> items = List.of(new ScheduleItem(job, ConflictPolicy.REJECT));
    assertThat(store.jobs.schedule(new Shard(BUSY, 0), items).await().indefinitely()).hasSize(1);
  }

  /** Each turn deals all queues. */
  private Uni<Turn> take() {
    return Uni.createFrom().item(new Turn(List.of(BUSY, IDLE), NEXT_TURN));
  }

  private void begin(Duration idleTtl) {
    Housekeeping housekeeping =
        new Housekeeping(
            store.jobs,
            store,
            this::take,
            shard -> true,
            idleTtl,
            new DeliveryContext(1, loop, new SplittableRandom(1), observer));
    housekeeping.begin();
    loop.pass(TURN);
  }

  private void pass(Duration time) {
    store.nowMs.addAndGet(time.toMillis());
    loop.pass(TURN);
  }

  @Test
  void aQueueGoesOnceItHasBeenIdleForTheTime() {
    begin(TTL);
    pass(TTL.minusMillis(1));
    assertThat(deleted).isEmpty();
    assertThat(store.queues).containsOnlyKeys(BUSY, IDLE);
    pass(Duration.ofMillis(1));
    assertThat(deleted).containsExactly(IDLE);
    assertThat(store.queues).containsOnlyKeys(BUSY);
    pass(TTL);
    assertThat(deleted).containsExactly(IDLE);
  }

  @Test
  void noneGoesWhereThatIsNotWanted() {
    begin(Duration.ZERO);
    pass(TTL);
    pass(TTL);
    assertThat(deleted).isEmpty();
    assertThat(store.queues).containsOnlyKeys(BUSY, IDLE);
  }

  @Test
  void theReplicaThatIsToDoesIt() {
    begin(Duration.ZERO);
    begin(TTL);
    pass(TTL);
    assertThat(deleted).containsExactly(IDLE);
  }

  @Test
  void aTimeThatIsShorterThanWatchersMayBeUnknownForIsRefused() {
    for (Duration ttl : List.of(Duration.ofMillis(59_999), Duration.ofMillis(-1))) {
      assertThatThrownBy(
              () -> new Replica.Settings(Duration.ofSeconds(2), 100, ttl, WatchLimits.NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("dueline.queues.idle-ttl");
    }
    assertThat(
            new Replica.Settings(
                    Duration.ofSeconds(2), 100, Duration.ofMinutes(1), WatchLimits.NONE)
                .idleTtl())
        .isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void aShardThatFailsKeepsItsQueueUntilTheNextTurn() {
    begin(TTL);
    Shard last = new Shard(IDLE, 2);
    store.failingShards.put(last, new StoreUnavailableException("away", null));
    pass(TTL);
    assertThat(deleted).isEmpty();
    store.failingShards.remove(last);
    pass(Duration.ofMillis(1));
    assertThat(deleted).containsExactly(IDLE);
  }
}
