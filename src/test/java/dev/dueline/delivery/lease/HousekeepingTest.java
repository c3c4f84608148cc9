package dev.dueline.delivery.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.context.DeliveryObserver;
import dev.dueline.delivery.sim.SimulatedLoop;
import dev.dueline.delivery.sim.SimulatedNetwork;
import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.operation.TestStore;
import dev.dueline.store.InMemoryJobStore;
import dev.dueline.store.JobStore;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.QueueTurns.Turn;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A replica looks after the queues that it is dealt, whether anybody watches them or not. */
class HousekeepingTest {
  private static final QueueName MAIL = new QueueName("mail");
  private static final QueueName SMS = new QueueName("sms");
  private static final Duration NEXT_TURN = Duration.ofSeconds(20);

  /** Beyond the time until the next turn. */
  private static final Duration MOST_SPREAD = Duration.ofMillis(200);

  private final SimulatedLoop loop = new SimulatedLoop();
  private final SimulatedNetwork network = new SimulatedNetwork(loop, this::nowUs);
  private final InMemoryJobStore store = new InMemoryJobStore(this::nowUs, (shard, dueMs) -> {});
  private final TestStore directory = new TestStore(1);
  private final List<Turn> turns = new ArrayList<>();
  private final List<Shard> ranOut = new ArrayList<>();
  private final Set<Shard> quiet = new HashSet<>();
  private int asked;
  private final Housekeeping housekeeping =
      new Housekeeping(
          network.over(JobStore.class, store),
          directory,
          this::take,
          shard -> quiet.contains(shard),
          Duration.ZERO,
          new DeliveryContext(1, loop, new SplittableRandom(1), DeliveryObserver.NONE));

  @BeforeEach
  void given() {
    store.onRanOut(leases -> leases.forEach(lease -> ranOut.add(lease.shard().place())));
    directory.queues.put(MAIL, new QueueLayout(MAIL, 1));
    directory.queues.put(SMS, new QueueLayout(SMS, 2));
  }

  private long nowUs() {
    return 1_700_000_000_000_000L + loop.nanoTime() / 1_000;
  }

  private Uni<Turn> take() {
    asked++;
    return Uni.createFrom()
        .item(turns.isEmpty() ? new Turn(List.of(), NEXT_TURN) : turns.remove(0));
  }

  /** Jobs whose leases have run out. */
  private void givenRunOut(Shard shard, int jobs) {
    List<ScheduleItem> items =
        IntStream.range(0, jobs)
            .mapToObj(i -> NewJob.of(new JobId("job" + i), new Due.At(0), new byte[0]))
            .map(job -> new ScheduleItem(job, ConflictPolicy.REJECT))
            .toList();
    Slots slots = TestSlots.of(List.of(new Slots.Holder(7, 8, 1)), Collections.nCopies(jobs, 0));
    assertThat(store.schedule(shard, items).await().indefinitely()).hasSize(jobs);
    assertThat(store.claim(shard, slots).await().indefinitely().deliveries()).hasSize(jobs);
    loop.pass(Duration.ofMillis(2));
  }

  private void begin(QueueName... dealt) {
    turns.add(new Turn(List.of(dealt), NEXT_TURN));
    housekeeping.begin();
    loop.pass(MOST_SPREAD);
  }

  @Test
  void endsWhatIsOverInEachShardOfTheQueuesThatItIsDealt() {
    Shard one = new Shard(MAIL, 0);
    Shard other = new Shard(SMS, 1);
    givenRunOut(one, 2);
    givenRunOut(other, 1);
    begin(MAIL, SMS);

    assertThat(ranOut).containsExactly(one, one, other);
  }

  @Test
  void looksOnceAtAShardWhereNothingIsOver() {
    begin(MAIL, SMS);

    assertThat(network.calls("expire")).isEqualTo(3);
  }

  @Test
  void looksAtAFewShardsTogetherAndEndsOneBatchInAll() {
    QueueName wide = new QueueName("wide");
    directory.queues.put(wide, new QueueLayout(wide, 25));
    for (int index = 0; index < 10; index++) {
      givenRunOut(new Shard(wide, index), JobStore.MAX_BATCH);
    }
    network.latency(() -> Duration.ofMillis(1));
    turns.add(new Turn(List.of(wide), NEXT_TURN));
    housekeeping.begin();
    while (ranOut.isEmpty()) {
      loop.pass(Duration.ofMillis(1));
    }
    assertThat(ranOut).hasSize(JobStore.MAX_BATCH).containsOnly(shards(wide, 10));
    assertThat(network.calls("expire")).isEqualTo(10);
    loop.pass(Duration.ofSeconds(1));
    assertThat(ranOut).hasSize(10 * JobStore.MAX_BATCH);
    // One that ends the rest of each, and one that finds none.
    assertThat(network.calls("expire")).isEqualTo(25 + 10 * 2);
  }

  @Test
  void passesOverShardsThatAreKnownToBeQuiet() {
    Shard shard = new Shard(SMS, 1);
    quiet.addAll(new QueueLayout(MAIL, 1).shards());
    quiet.add(new QueueLayout(SMS, 2).shards().get(0));
    givenRunOut(shard, 1);
    begin(MAIL, SMS);

    assertThat(ranOut).containsExactly(shard);
    // One that ends it, and one that finds no more.
    assertThat(network.calls("expire")).isEqualTo(2);
  }

  private static Shard[] shards(QueueName queue, int below) {
    return IntStream.range(0, below)
        .mapToObj(index -> new Shard(queue, index))
        .toArray(Shard[]::new);
  }

  @Test
  void pacesTheBatchesOfAShardWhereMuchIsOver() {
    givenRunOut(new Shard(MAIL, 0), 1_000);
    turns.add(new Turn(List.of(MAIL, SMS), NEXT_TURN));
    housekeeping.begin();
    while (ranOut.isEmpty()) {
      loop.pass(Duration.ofMillis(1));
    }
    loop.pass(Duration.ofMillis(50));

    assertThat(ranOut.size()).isBetween(5 * JobStore.MAX_BATCH, 6 * JobStore.MAX_BATCH);
    loop.pass(MOST_SPREAD);
    assertThat(ranOut).hasSize(1_000);
    assertThat(network.calls("expire")).isEqualTo(3 + 10 + 1);
  }

  @Test
  void asksForATurnOnceItIsTime() {
    begin(MAIL);
    assertThat(asked).isEqualTo(1);
    loop.pass(NEXT_TURN.minus(MOST_SPREAD));
    assertThat(asked).isEqualTo(1);
    loop.pass(MOST_SPREAD.plus(MOST_SPREAD));
    assertThat(asked).isEqualTo(2);
  }

  @Test
  void asksForATurnAtOnceWhenAClockSteps() {
    begin(MAIL);
    housekeeping.clockStepped();
    loop.pass(MOST_SPREAD);
    assertThat(asked).isEqualTo(2);
    loop.pass(NEXT_TURN.minus(MOST_SPREAD));
    assertThat(asked).isEqualTo(2);
  }

  @Test
  void asksForATurnOnceTheShardsOfThisOneAreDoneWhenAClockSteps() {
    givenRunOut(new Shard(MAIL, 0), 1_000);
    turns.add(new Turn(List.of(MAIL), NEXT_TURN));
    housekeeping.begin();
    while (ranOut.isEmpty()) {
      loop.pass(Duration.ofMillis(1));
    }
    housekeeping.clockStepped();
    assertThat(asked).isEqualTo(1);
    while (asked == 1) {
      loop.pass(Duration.ofMillis(1));
      assertThat(loop.nanoTime()).isLessThan(NEXT_TURN.toNanos());
    }
    assertThat(ranOut).hasSize(1_000);
  }

  @Test
  void aQueueThatCannotBeReadHoldsUpNoOther() {
    directory.failingQueues.put(MAIL, new StoreUnavailableException("gone", null));
    Shard shard = new Shard(SMS, 0);
    givenRunOut(shard, 1);
    begin(MAIL, SMS);

    assertThat(ranOut).containsExactly(shard);
  }

  @Test
  void aShardThatFailsIsLeftForTheNextRound() {
    Shard shard = new Shard(MAIL, 0);
    givenRunOut(shard, 1);
    network.storeIsAway(true);
    begin(MAIL);
    network.storeIsAway(false);
    loop.pass(NEXT_TURN.minus(MOST_SPREAD));
    assertThat(ranOut).isEmpty();

    turns.add(new Turn(List.of(MAIL), NEXT_TURN));
    loop.pass(NEXT_TURN.plus(MOST_SPREAD));

    assertThat(ranOut).containsExactly(shard);
  }

  @Test
  void looksAfterNoneOnceItIsClosed() {
    begin(MAIL);
    housekeeping.close();
    loop.pass(Duration.ofMinutes(5));

    assertThat(asked).isEqualTo(1);
  }
}
