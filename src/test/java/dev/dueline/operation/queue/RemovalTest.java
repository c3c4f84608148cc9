package dev.dueline.operation.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.job.QueueLimits;
import dev.dueline.store.call.RequestId;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.queue.RedisStreamTarget;
import dev.dueline.store.redis.RedisStore;
import io.vertx.mutiny.redis.client.Command;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Queues that are deleted in Redis. */
final class RemovalTest extends RemovalFixture {
  @Test
  void nothingIsLeftOfAnEmptyQueue() {
    RedisStore store = redis.replica(SHARDS);
    RedisStore other = redis.replica(SHARDS);
    givenEmptyQueue(store);
    await(operations(store).control().pause(MAIL, true));
    await(operations(store).control().limit(MAIL, QueueLimits.Change.to(new QueueLimits(1, 8, 8))));
    assertThat(await(other.queues().find(MAIL))).isPresent();

    assertThat(await(removal(store).queue(MAIL, false))).isZero();

    assertNothingIsLeft();
    for (RedisStore each : List.of(store, other)) {
      assertThatThrownBy(() -> await(operations(each).queues().find(MAIL)))
          .isInstanceOfSatisfying(
              QueueRefusedException.class,
              refused ->
                  assertThat(refused.reason()).isEqualTo(QueueRefusedException.Reason.NOT_FOUND));
    }
    assertNothingIsLeft();
    assertThatThrownBy(() -> await(removal(other).queue(MAIL, false)))
        .isInstanceOf(QueueRefusedException.class);
    schedule(other, "job-0");
    QueueView anew = await(operations(store).queues().find(MAIL));
    assertThat(anew.isPaused()).isFalse();
    assertThat(anew.limits()).isEqualTo(QueueLimits.NONE);
    assertThat(anew.total(totals -> totals.scheduled())).isEqualTo(1);
  }

  @Test
  void aQueueThatIsNotEmptyStaysAsItIs() {
    RedisStore store = redis.replica(SHARDS);
    IDS.forEach(id -> schedule(store, id));
    assertThatThrownBy(() -> await(removal(store).queue(MAIL, false)))
        .isInstanceOfSatisfying(
            QueueNotEmptyException.class,
            refused ->
                assertThat(refused.holds())
                    .containsEntry("pending_jobs", 12L)
                    .containsEntry("leased_jobs", 0L)
                    .containsEntry("dead_jobs", 0L));
    assertJobs(IDS);
    assertThatThrownBy(() -> await(removal(store).queue(MAIL, false)))
        .isInstanceOfSatisfying(
            QueueNotEmptyException.class,
            refused -> assertThat(refused.holds()).containsEntry("leased_jobs", 12L));
  }

  @Test
  void forceDeletesJobsToo() {
    RedisStore store = redis.replica(SHARDS);
    IDS.forEach(id -> schedule(store, id));
    assertThat(await(removal(store).queue(MAIL, true))).isEqualTo(12);
    assertNothingIsLeft();
  }

  @Test
  void aRequestIsKnownByItsIdAlsoAfterADeletion() {
    RedisStore store = redis.replica(1);
    RequestId request = new RequestId("once");
    assertThat(schedule(store, "x", request).outcome()).isEqualTo(Scheduled.Outcome.CREATED);
    await(removal(store).queue(MAIL, true));
    assertThat(schedule(store, "x", request).outcome()).isEqualTo(Scheduled.Outcome.WAS_CREATED);
    await(removal(store).queue(MAIL, true));
    assertThat(redis.send(Command.KEYS, "*").toString()).isEqualTo("[dueline:{mail/0}:requests]");
    assertThat(redis.send(Command.PTTL, "dueline:{mail/0}:requests").toLong()).isPositive();
  }

  @Test
  void aQueueThatIsDeliveredToARedisStreamIsSetBackFirst() {
    RedisStore store = redis.replica(1);
    schedule(store, "x");
    await(operations(store).delivery().set(MAIL, new RedisStreamTarget("workers", 10)));
    await(store.streams().feed(await(store.queues().layout(MAIL)).shards().get(0), 10));
    for (boolean isForced : new boolean[] {false, true}) {
      assertThatThrownBy(() -> await(removal(store).queue(MAIL, isForced)))
          .isInstanceOfSatisfying(
              QueueRefusedException.class,
              refused ->
                  assertThat(refused.reason())
                      .isEqualTo(QueueRefusedException.Reason.DELIVERED_TO_STREAM));
    }
    await(operations(store).delivery().set(MAIL, null));
    assertThatThrownBy(() -> await(removal(store).queue(MAIL, false)))
        .isInstanceOfSatisfying(
            QueueNotEmptyException.class,
            refused -> assertThat(refused.holds()).containsEntry("stream_entries", 1L));
    await(removal(store).queue(MAIL, true));
    assertNothingIsLeft();
  }
}
