package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Fed;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.queue.RedisStreamTarget;
import dev.dueline.store.redis.script.queue.FeedCall;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one step of a feed moves to the Redis Stream, and what it says keeps the rest back. */
final class FeedStepsTest {
  private static final long MINUTE_MS = 60_000;

  private final TestRedis redis = new TestRedis();
  private final Shard shard = new Shard(new QueueName("fed"), 0);
  private final AtomicLong offsetMs = new AtomicLong();

  @AfterEach
  void stop() {
    redis.close();
  }

  /** Records are a few bytes longer than their payloads of 400. */
  @ParameterizedTest
  @CsvSource({"1, 1", "500, 1", "1000, 2", "1500, 3", "10000, 4"})
  void aStepMovesNoMoreBytesThanItMayButAlwaysOneJob(int maxBytes, int moved) {
    deliver(100);
    for (int i = 0; i < 4; i++) {
      schedule("job" + i, 0, 400);
    }

    assertThat(feed(maxBytes).dueMs()).hasSize(moved);
    assertThat(redis.entries(shard)).hasSize(moved);
  }

  /** As one that watchers get: the ttl is for a job that nobody has had. */
  @Test
  void aJobThatFailedOnceIsMovedHoweverLate() {
    redis.setClockOffset(offsetMs::get);
    schedule("retried", MINUTE_MS, 1);
    Slots slot = TestSlots.of(List.of(new Slots.Holder(1, 1, MINUTE_MS)), List.of(0));
    LeaseRef lease = await(redis.store().claim(shard, slot)).deliveries().get(0).token().lease();
    Release failed = new Release(lease, new Release.Target.AsItWas(), true, "broken");
    assertThat(await(redis.store().release(shard, List.of(failed), false))).containsExactly(true);
    deliver(100);
    offsetMs.set(2 * MINUTE_MS);

    Fed fed = feed(10_000);

    assertThat(fed.dropped()).isZero();
    assertThat(fed.dueMs()).hasSize(1);
  }

  @Test
  void aRedisStreamThatIsFullIsToldFromALimit() {
    deliver(2);
    for (int i = 0; i < 3; i++) {
      schedule("job" + i, 0, 1);
    }

    Fed fed = feed(10_000);

    assertThat(fed.dueMs()).hasSize(2);
    assertThat(fed.hold()).isEqualTo(Fed.Hold.FULL);
    // Somebody may take entries out, and does not tell.
    assertThat(fed.nextMs()).isEqualTo(fed.nowUs() / 1_000 + 100);
  }

  private void deliver(int longest) {
    await(redis.streams().deliver(shard, new RedisStreamTarget("workers", longest)));
  }

  /** Stores a job that is due. */
  private void schedule(String id, long ttlMs, int size) {
    long nowMs = await(redis.store().nowMs(shard));
    NewJob job =
        new NewJob(new JobId(id), new Due.At(nowMs), new byte[size], new TreeMap<>(), null, ttlMs);
    await(redis.store().schedule(shard, List.of(new ScheduleItem(job, ConflictPolicy.REJECT))));
  }

  private Fed feed(int maxBytes) {
    return redis.run(new FeedCall(shard, 10, maxBytes, List.of())).fed();
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }
}
