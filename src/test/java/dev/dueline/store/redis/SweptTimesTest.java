package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.Inconsistency;
import dev.dueline.store.SweepStep;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.ExpiredLeases;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A sweep finds when waits and leases are over where that is lost, or is no time. */
final class SweptTimesTest {
  private static final long HOUR_MS = 3_600_000;

  private final TestRedis redis = new TestRedis();
  private final Shard shard = new Shard(new QueueName("swept"), 0);
  private final DamagedShard keys = new DamagedShard(redis, shard);

  @AfterEach
  void stop() {
    redis.close();
  }

  /** A replica of an earlier version, which knows no such index, has stored it. */
  @Test
  void theWaitOfAJobThatIsPendingEnds() {
    long dueMs = givenWithTtl();
    keys.takeOut("ttls", "a");
    assertThat(expire().nextExpiryMs()).isEqualTo(Long.MAX_VALUE);

    assertThat(keys.sweep(() -> {})).isEmpty();

    assertThat(expire().nextExpiryMs()).isEqualTo(dueMs + HOUR_MS + 1);
  }

  @Test
  void theWaitOfAJobThatIsPutBackEnds() {
    long dueMs = givenWithTtl();
    keys.takeOut("ttls", "a");
    keys.takeOut("pending", "a");

    // One step alone: another pass would find the wait of what is pending by then.
    assertThat(keys.step(new SweepStep.Pace(0, 0, 0)).repaired())
        .containsExactly(Map.entry(Inconsistency.UNINDEXED, 1));

    assertThat(expire().nextExpiryMs()).isEqualTo(dueMs + HOUR_MS + 1);
  }

  @Test
  void aLeaseOfNoTimeEndsAsOneThatIsGivenNow() {
    givenLeaseOfNoTime();
    long beforeMs = await(redis.store().nowMs(shard));

    assertThat(keys.sweep(() -> {})).containsExactly(Map.entry(Inconsistency.MISTIMED, 1));

    long afterMs = await(redis.store().nowMs(shard));
    assertThat(expire().nextExpiryMs()).isBetween(beforeMs + HOUR_MS, afterMs + HOUR_MS);
  }

  @Test
  void aLeaseOfNoTimeEndsAtOnceWhereNobodyKnowsHowLongLeasesAre() {
    givenLeaseOfNoTime();
    redis.send(Command.HDEL, keys.key("meta"), "longest");

    assertThat(keys.sweep(() -> {})).containsExactly(Map.entry(Inconsistency.MISTIMED, 1));

    assertThat(expire().nextExpiryMs()).isEqualTo(Long.MAX_VALUE);
    assertThat(keys.content("pending")).containsOnlyKeys("a");
  }

  /** Stores a job that is due, and tells when it is. */
  private long givenWithTtl() {
    long dueMs = await(redis.store().nowMs(shard));
    NewJob job =
        new NewJob(new JobId("a"), new Due.At(dueMs), new byte[0], new TreeMap<>(), null, HOUR_MS);
    await(redis.store().schedule(shard, List.of(new ScheduleItem(job, ConflictPolicy.REJECT))));
    return dueMs;
  }

  private void givenLeaseOfNoTime() {
    NewJob job = NewJob.of(new JobId("a"), new Due.At(0), new byte[0]);
    await(redis.store().schedule(shard, List.of(new ScheduleItem(job, ConflictPolicy.REJECT))));
    Slots slot = TestSlots.of(List.of(new Slots.Holder(1, 1, HOUR_MS)), List.of(0));
    assertThat(await(redis.store().claim(shard, slot)).deliveries()).hasSize(1);
    keys.put("leases", "a", 2 * Due.MAX_MS);
  }

  private ExpiredLeases expire() {
    return await(redis.store().expire(shard, 10));
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }
}
