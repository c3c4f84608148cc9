package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.JobStore;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.call.Extension;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.ExpiredLeases;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Release.Target;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** To the millisecond of Redis's own clock: never early, and no lease outlives its expiry. */
final class StoreClockTest {
  private static final int TRIES = 2_000;
  private static final long SHORT_MS = 5;

  private static TestRedis redis;
  private static JobStore store;

  private final Shard shard = new Shard(new QueueName("clock"), 0);

  @BeforeAll
  static void start() {
    redis = new TestRedis();
    store = redis.store();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void empty() {
    redis.send(Command.FLUSHALL);
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  /** Stores a job in the place of the one before. */
  private long schedule(Due due, long ttlMs) {
    await(store.cancel(shard, List.of(new CancelItem(new JobId("a"), true))));
    NewJob plain = NewJob.of(new JobId("a"), due, new byte[0]);
    NewJob job = new NewJob(plain.id(), due, new byte[0], plain.attributes(), null, ttlMs);
    ScheduleItem item = new ScheduleItem(job, ConflictPolicy.REJECT);
    return await(store.schedule(shard, List.of(item))).get(0).dueMs();
  }

  private Claim claim(long leaseMs) {
    List<Slots.Holder> holder = List.of(new Slots.Holder(1, 1, leaseMs));
    return await(store.claim(shard, TestSlots.of(holder, List.of(0))));
  }

  private Delivery lease(long leaseMs) {
    schedule(new Due.At(0), 0);
    return claim(leaseMs).deliveries().get(0);
  }

  private long nowMs() {
    return await(store.claim(shard, Slots.NONE)).nowUs() / 1000;
  }

  @Test
  void claimsFromTheMillisecondOfTheDueTimeOn() {
    for (int round = 0; round < 10; round++) {
      long due = schedule(new Due.After(SHORT_MS), 0);
      Claim claim = claim(60_000);
      while (claim.deliveries().isEmpty()) {
        assertThat(claim.nowUs()).isLessThan(due * 1000);
        assertThat(claim.nextDueMs()).isEqualTo(due);
        claim = claim(60_000);
      }
      assertThat(claim.nowUs()).isGreaterThanOrEqualTo(due * 1000);
    }
  }

  @Test
  void neverShortensADelay() {
    for (int round = 0; round < 50; round++) {
      long beforeUs = await(store.claim(shard, Slots.NONE)).nowUs();
      assertThat(schedule(new Due.After(0), 0) * 1000).isGreaterThanOrEqualTo(beforeUs);
    }
  }

  @Test
  void endsALeaseFromTheMillisecondOfItsExpiryOn() {
    for (int round = 0; round < 10; round++) {
      Delivery delivery = lease(SHORT_MS);
      ExpiredLeases expired = await(store.expire(shard, 1));
      while (expired.leases().isEmpty()) {
        assertThat(expired.nowUs()).isLessThan(delivery.leaseExpiryMs() * 1000);
        expired = await(store.expire(shard, 1));
      }
      assertThat(expired.nowUs()).isGreaterThanOrEqualTo(delivery.leaseExpiryMs() * 1000);
    }
  }

  @Test
  void endsALeaseInTheMillisecondOfItsExpiry() {
    assertInExpiry(lease -> await(store.ack(shard, List.of(lease))).get(0), held -> !held);
    assertInExpiry(lease -> await(store.leased(shard, List.of(lease))).get(0), j -> j.isEmpty());
    assertInExpiry(
        lease -> await(store.extend(shard, List.of(new Extension(lease, 60_000)))).get(0),
        expiry -> expiry == 0);
    assertInExpiry(
        lease ->
            await(
                    store.release(
                        shard, List.of(new Release(lease, new Target.Dead(), true, "")), false))
                .get(0),
        held -> !held);
    assertInExpiry(
        lease -> await(store.cancel(shard, List.of(new CancelItem(lease.id(), false)))).get(0),
        verdict -> verdict.outcome() == Canceled.Outcome.CANCELED);
  }

  /** Tries until Redis's clock says the millisecond of the expiry right before the call. */
  private <T> void assertInExpiry(Function<LeaseRef, T> call, Predicate<T> expected) {
    for (int round = 0; round < TRIES; round++) {
      Delivery delivery = lease(SHORT_MS);
      long before = nowMs();
      while (before < delivery.leaseExpiryMs()) {
        before = nowMs();
      }
      T result = call.apply(delivery.token().lease());
      assertThat(result).matches(expected);
      if (before == delivery.leaseExpiryMs()) {
        return;
      }
    }
    throw new AssertionError("never hit the millisecond of an expiry");
  }

  @Test
  void dropsAJobAfterTheMillisecondThatItsTtlEnds() {
    for (int round = 0; round < 20; round++) {
      long end = nowMs() + 1;
      schedule(new Due.At(end - 3), 3);
      while (nowMs() < end) {
        Thread.onSpinWait();
      }
      Claim claim = claim(60_000);
      assertThat(claim.dropped()).isEqualTo(claim.nowUs() / 1000 > end ? 1 : 0);
    }
  }
}
