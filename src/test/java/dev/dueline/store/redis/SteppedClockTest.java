package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.JobStore;
import dev.dueline.store.SweepStep;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.redis.script.lease.ExpiredCall;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that a shard keeps by Redis's clock stands still when that is set back, or forward. */
final class SteppedClockTest {
  private static final long TWENTY_SECONDS = 20_000;
  private static final long TWO_HOURS = 7_200_000;
  private static final long TEN_YEARS = 315_576_000_000L;
  private static final long RATE = 50;
  private static final long SLOW_INTERVAL_MS = 10_000;

  /** Less than the clock is set by, and longer than a test takes. */
  private static final Duration HOLDS_FOR = Duration.ofMinutes(10);

  private static final QueueLimits LIMITS = new QueueLimits(RATE, 0, 0);

  private static TestRedis redis;
  private static JobStore store;
  private static QueueStore operations;

  private final Shard shard = new Shard(new QueueName("stepped"), 0);

  @BeforeAll
  static void start() {
    redis = new TestRedis();
    store = redis.store();
    operations = redis.operations();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void empty() {
    step(0);
    redis.send(Command.FLUSHALL);
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  /** From now on the clock differs from that at the beginning by so much. */
  private static void step(long byMs) {
    redis.setClockOffset(() -> byMs);
  }

  private void schedule(int jobs) {
    List<ScheduleItem> items =
        IntStream.range(0, jobs)
            .mapToObj(i -> NewJob.of(new JobId("job" + i), new Due.At(0), new byte[0]))
            .map(job -> new ScheduleItem(job, ConflictPolicy.REJECT))
            .toList();
    await(store.schedule(shard, items));
  }

  private Claim claim(int slots) {
    List<Slots.Holder> holder = List.of(new Slots.Holder(1, 1, 60_000));
    return await(store.claim(shard, TestSlots.of(holder, Collections.nCopies(slots, 0))));
  }

  @ParameterizedTest
  @ValueSource(
      longs = {-TWENTY_SECONDS, -TWO_HOURS, -TEN_YEARS, TWENTY_SECONDS, TWO_HOURS, TEN_YEARS})
  void aRateGoesOnAndHolds(long byMs) {
    await(operations.limit(shard, QueueLimits.Change.to(LIMITS), LIMITS));
    schedule(100);
    // All that the rate gives at once.
    assertThat(claim(100).deliveries()).isNotEmpty();
    step(byMs);
    Claim claim = claim(10);
    long beginUs = claim.nowUs();
    int delivered = claim.deliveries().size();
    long goesOnMs = Claim.NONE;
    while (delivered < 40) {
      if (claim.deliveries().isEmpty()) {
        long nowMs = claim.nowUs() / 1_000;
        assertThat(nowMs).as("nothing, though it was to go on").isLessThan(goesOnMs);
        assertThat(claim.nextMs()).isBetween(nowMs, nowMs + 200);
      }
      goesOnMs = claim.deliveries().isEmpty() ? claim.nextMs() : Claim.NONE;
      claim = claim(10);
      delivered += claim.deliveries().size();
    }
    // What the rate gives in that time, by Redis's clock, a tenth of a second ahead, and one.
    long tookMs = (claim.nowUs() - beginUs) / 1_000;
    assertThat(delivered).isLessThanOrEqualTo((int) (RATE * (tookMs + 100) / 1_000) + 2);
  }

  @ParameterizedTest
  @ValueSource(longs = {-3_000, -9_000, -TWENTY_SECONDS, -TWO_HOURS})
  void aSlowRateGoesOnWithinAnIntervalOfTheStep(long byMs) {
    QueueLimits slow = new QueueLimits(1_000.0 / SLOW_INTERVAL_MS, 0, 0);
    await(operations.limit(shard, QueueLimits.Change.to(slow), slow));
    schedule(2);
    assertThat(claim(2).deliveries()).hasSize(1);
    step(byMs);

    Claim next = claim(1);
    long nowMs = next.nowUs() / 1_000;
    assertThat(next.deliveries().size() == 1 || next.nextMs() <= nowMs + SLOW_INTERVAL_MS).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {-TWO_HOURS, -TEN_YEARS, TWO_HOURS, TEN_YEARS})
  void aSweepThatARecoveryWantsIsOverAfterOnePass(long byMs) {
    schedule(30);
    long since = claim(0).nowUs() / 1_000;
    step(byMs);
    SweepStep.Pace pace = new SweepStep.Pace(0, 3_600_000, since);
    int steps = 0;
    SweepStep last = await(store.sweep(shard, pace));
    while (!last.isComplete() && steps++ < 50) {
      last = await(store.sweep(shard, pace));
    }
    assertThat(last.isComplete()).isTrue();
    assertThat(last.waitMs()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {-TWO_HOURS, -TEN_YEARS, TWO_HOURS, TEN_YEARS})
  void whatAReplicaSaidOfItsWatchersDoesNotOutliveIt(long byMs) {
    await(operations.present(shard, 1, 5, HOLDS_FOR));
    assertThat(await(operations.stats(shard)).watchers()).isEqualTo(5);
    step(byMs);
    assertThat(await(operations.stats(shard)).watchers()).isZero();
    await(operations.present(shard, 2, 3, HOLDS_FOR));
    assertThat(await(operations.stats(shard)).watchers()).isEqualTo(3);
  }

  @Test
  void whatAnEarlierVersionSaidOfItsWatchersIsStillHeard() {
    long until = System.currentTimeMillis() + HOLDS_FOR.toMillis();
    redis.eval("redis.call('HSET', KEYS[6], 'watchers', ARGV[1])", shard, "ab 4 " + until);
    await(operations.present(shard, 2, 3, HOLDS_FOR));
    await(operations.present(shard, 3, 1, HOLDS_FOR));
    assertThat(await(operations.stats(shard)).watchers()).isEqualTo(8);
  }

  @Test
  void jobsThatDiedBeforeTheClockWasSetBackAgeAndGo() {
    schedule(2);
    List<Release> releases =
        claim(2).deliveries().stream()
            .map(job -> new Release(job.token().lease(), new Release.Target.Dead(), true, "x"))
            .toList();
    await(store.release(shard, releases, false));
    long kept = Duration.ofDays(90).toMillis();
    step(-TEN_YEARS);
    assertThat(dropped(kept)).isZero();
    step(-TEN_YEARS + kept - 3_600_000);
    assertThat(dropped(kept)).isZero();
    step(-TEN_YEARS + kept + 60_000);
    assertThat(dropped(kept)).isEqualTo(2);
    assertThat(await(store.read(shard, new JobId("job0")))).isEmpty();
  }

  /** How many dead jobs are dropped by now, where they are kept for so long. */
  private long dropped(long maxAgeMs) {
    assertThat(redis.run(new ExpiredCall(shard, 1, 0, 100, maxAgeMs, List.of())).jobs()).isEmpty();
    return await(redis.operations().stats(shard)).droppedDead();
  }
}
