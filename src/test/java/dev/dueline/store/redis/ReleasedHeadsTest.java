package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.Due;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.due.Release;
import dev.dueline.store.queue.RedisStreamTarget;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Scripts announce the head of a shard, though it is no new one, where what held it back ends: else
 * it would wait for the backstop.
 */
final class ReleasedHeadsTest extends HeadsFixture {
  private static final Recurrence RARELY =
      Recurrence.of(new Every(Duration.ofDays(30_000).toMillis()));

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
    LeaseRef lease = claimed();
    schedule("head", T, null);
    announced();
    return new Held(shard, lease);
  }

  private void limit(int maxOutstanding) {
    QueueLimits limits = new QueueLimits(0, maxOutstanding, 0);
    await(redis.operations().limit(shard, QueueLimits.Change.to(limits), limits));
  }
}
