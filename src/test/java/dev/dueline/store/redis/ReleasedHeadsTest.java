package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.store.JobStore;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.queue.RedisStreamTarget;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Scripts announce the head of a shard, though it is no new one, where what held it back ends: else
 * it would wait for the backstop.
 */
final class ReleasedHeadsTest {
  /** Far in the future, so that nothing of it falls due. */
  private static final long T = 4_000_000_000_000L;

  private static final Recurrence RARELY =
      Recurrence.of(new Every(Duration.ofDays(30_000).toMillis()));

  private static TestRedis redis;
  private static HeadSubscriber subscriber;
  private static JobStore store;
  private static int shards;

  private final Shard shard = new Shard(new QueueName("released"), ++shards);

  @BeforeAll
  static void start() {
    redis = new TestRedis();
    subscriber = new HeadSubscriber(redis);
    store = redis.store();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Test
  void whereAShardGoesOnAfterAPause() {
    schedule("head", T, null);
    await(redis.operations().pause(shard, true));
    announced();

    await(redis.operations().pause(shard, false));

    assertThat(announced()).containsExactly(T);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5})
  void whereItsLimitsAreOthers(int maxOutstanding) {
    limit(1);
    schedule("head", T, null);
    announced();

    limit(maxOutstanding);

    assertThat(announced()).containsExactly(T);
  }

  @Test
  void whereItGoesAnotherWay() {
    schedule("head", T, null);
    announced();

    await(redis.streams().deliver(shard, new RedisStreamTarget("workers", 100)));
    assertThat(announced()).containsExactly(T);
    await(redis.streams().deliver(shard, null));
    assertThat(announced()).containsExactly(T);
  }

  /** How a lease ends. */
  enum End {
    ACK(lease -> store.ack(lease.shard, List.of(lease.ref))),
    CANCEL(lease -> store.cancel(lease.shard, List.of(new CancelItem(lease.ref.id(), true)))),
    RELEASE(lease -> lease.release(new Release.Target.DueAgain(new Due.At(T + 1)))),
    DEATH(lease -> lease.release(new Release.Target.Dead())),
    RUN(lease -> store.ack(lease.shard, List.of(lease.ref)));

    private final Function<Held, Uni<?>> call;

    End(Function<Held, Uni<?>> call) {
      this.call = call;
    }
  }

  private record Held(Shard shard, LeaseRef ref) {
    Uni<?> release(Release.Target target) {
      return store.release(shard, List.of(new Release(ref, target, true, "")), false);
    }
  }

  @ParameterizedTest
  @EnumSource(End.class)
  void whereALeaseOfAsManyAsMayBeEnds(End end) {
    limit(1);
    Held held = held(end);

    await(end.call.apply(held));

    assertThat(announced()).containsExactly(T);
  }

  @ParameterizedTest
  @EnumSource(End.class)
  void butNotWhereMoreMayBeOut(End end) {
    limit(2);
    Held held = held(end);

    await(end.call.apply(held));

    assertThat(announced()).isEmpty();
  }

  private Held held(End end) {
    schedule("held", await(store.nowMs(shard)), end == End.RUN ? RARELY : null);
    Slots slot = TestSlots.of(List.of(new Slots.Holder(1, 1, 60_000)), List.of(0));
    LeaseRef lease = await(store.claim(shard, slot)).deliveries().get(0).token().lease();
    schedule("head", T, null);
    announced();
    return new Held(shard, lease);
  }

  private List<Long> announced() {
    return subscriber.announced(shard);
  }

  private void limit(int maxOutstanding) {
    QueueLimits limits = new QueueLimits(0, maxOutstanding, 0);
    await(redis.operations().limit(shard, QueueLimits.Change.to(limits), limits));
  }

  private void schedule(String id, long dueMs, @Nullable Recurrence recurrence) {
    NewJob job =
        new NewJob(
            new JobId(id),
            new Due.At(dueMs),
            new byte[0],
            new TreeMap<>(),
            null,
            0,
            recurrence,
            null);
    await(store.schedule(shard, List.of(new ScheduleItem(job, ConflictPolicy.REJECT))));
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }
}
