package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.JobStore;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.call.Extension;
import dev.dueline.store.call.RequestId;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Release.Target;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.failure.StoreFullException;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Out of memory, Redis takes no new jobs, but lets go of those that it has. */
final class OutOfMemoryTest {
  private static final long LEASE_MS = 600_000;

  private final TestRedis redis = new TestRedis();
  private final JobStore store = redis.store();
  private final Shard shard = new Shard(new QueueName("full"), 0);
  private LeaseRef lease;
  private LeaseRef other;

  /** Four jobs, two of them leased, and no script in Redis's cache. */
  @BeforeEach
  void fill() {
    for (int i = 1; i <= 4; i++) {
      await(store.schedule(shard, List.of(item("job " + i, i, ConflictPolicy.REJECT))));
    }
    List<Delivery> deliveries = claim(2);
    lease = deliveries.get(0).token().lease();
    other = deliveries.get(1).token().lease();
    redis.send(Command.SCRIPT, "FLUSH");
    redis.send(Command.CONFIG, "SET", "maxmemory-policy", "noeviction");
    redis.send(Command.CONFIG, "SET", "maxmemory", "1");
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  private static ScheduleItem item(String id, long dueMs, ConflictPolicy onConflict) {
    return new ScheduleItem(NewJob.of(new JobId(id), new Due.At(dueMs), new byte[0]), onConflict);
  }

  private List<Delivery> claim(int slots) {
    List<Slots.Holder> holder = List.of(new Slots.Holder(1, 1, LEASE_MS));
    return await(store.claim(shard, TestSlots.of(holder, Collections.nCopies(slots, 0))))
        .deliveries();
  }

  private JobView read(String id) {
    return await(store.read(shard, new JobId(id))).orElseThrow();
  }

  private List<Boolean> release(Target target) {
    return await(store.release(shard, List.of(new Release(lease, target, true, "x")), false));
  }

  @Test
  void scheduleStoresNothing() {
    List<ScheduleItem> items =
        List.of(
            item("job 3", 99, ConflictPolicy.KEEP),
            item("new", 5, ConflictPolicy.REJECT),
            item("job 4", 99, ConflictPolicy.REPLACE));

    assertThatThrownBy(() -> await(store.schedule(shard, items)))
        .isInstanceOf(StoreFullException.class);

    assertThat(await(store.read(shard, new JobId("new")))).isEmpty();
    assertThat(read("job 4").dueMs()).isEqualTo(4);
  }

  @Test
  void scheduleReplacesNothing() {
    assertThatThrownBy(
            () -> await(store.schedule(shard, List.of(item("job 3", 99, ConflictPolicy.REPLACE)))))
        .isInstanceOf(StoreFullException.class);

    assertThat(read("job 3").dueMs()).isEqualTo(3);
    assertThat(read("job 3").job().dueMs()).isEqualTo(3);
  }

  @Test
  void scheduleStillAnswersThatTheJobIsThere() {
    assertThat(await(store.schedule(shard, List.of(item("job 3", 3, ConflictPolicy.REJECT)))))
        .hasSize(1);
  }

  @Test
  void rescheduleMovesNothing() {
    assertThatThrownBy(() -> await(store.reschedule(shard, new JobId("job 3"), new Due.At(99))))
        .isInstanceOf(StoreFullException.class);

    assertThat(read("job 3").dueMs()).isEqualTo(3);
    assertThat(read("job 3").job().dueMs()).isEqualTo(3);
  }

  @Test
  void claimGoesOn() {
    assertThat(claim(2)).extracting(d -> d.job().id().value()).containsExactly("job 3", "job 4");
  }

  @Test
  void ackGoesOn() {
    assertThat(await(store.ack(shard, List.of(lease, other)))).containsExactly(true, true);
  }

  @Test
  void cancelGoesOn() {
    List<CancelItem> items =
        List.of(
            new CancelItem(new JobId("job 3"), false), new CancelItem(new JobId("job 1"), true));

    assertThat(await(store.cancel(shard, items)))
        .extracting(Canceled::outcome)
        .containsOnly(Canceled.Outcome.CANCELED);
  }

  @Test
  void aCancelIsKnownAgain() {
    CancelItem item = new CancelItem(new JobId("job 3"), false, new RequestId("r"));

    assertThat(await(store.cancel(shard, List.of(item))).get(0).outcome())
        .isEqualTo(Canceled.Outcome.CANCELED);

    assertThat(await(store.cancel(shard, List.of(item))).get(0).outcome())
        .isEqualTo(Canceled.Outcome.CANCELED);
  }

  @Test
  void releaseGoesOn() {
    assertThat(release(new Target.DueAgain(new Due.After(60_000)))).containsExactly(true);

    assertThat(read("job 1").failedAttempts()).isEqualTo(1);
  }

  @Test
  void releaseToTheDeadGoesOn() {
    assertThat(release(new Target.Dead())).containsExactly(true);

    assertThat(read("job 1").state()).isEqualTo(JobState.DEAD);
  }

  @Test
  void extendGoesOn() {
    long before = read("job 1").stateMs();
    List<Extension> extensions =
        List.of(new Extension(lease, 2 * LEASE_MS), new Extension(other, 2 * LEASE_MS));

    assertThat(await(store.extend(shard, extensions))).allMatch(expiry -> expiry > before);
  }

  @Test
  void leasesThatRanOutAreEnded() {
    redis.setClockOffset(() -> 2 * LEASE_MS);

    assertThat(await(store.expire(shard, 10)).leases()).containsExactlyInAnyOrder(lease, other);
  }
}
