package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.redis.script.directory.ClearCall;
import dev.dueline.store.redis.script.directory.CloseCall;
import dev.dueline.store.redis.script.directory.ReopenCall;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The steps of a deletion, where a shard is used again, or deleted again, between two of them. */
final class DeletionStepsTest {
  private static final long DAY_MS = 86_400_000;
  private static final long LEASE_MS = 60_000;

  private final TestRedis redis = new TestRedis();
  private final Shard shard = new Shard(new QueueName("deleted"), 1);
  private final AtomicLong offsetMs = new AtomicLong();

  @BeforeEach
  void moveTheClock() {
    redis.setClockOffset(offsetMs::get);
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  /** The clock was set back since the last lease, so that it alone does not tell the next fence. */
  @Test
  void fencesGrowAlsoWhereAShardIsClearedThatIsUsedAgain() {
    offsetMs.set(DAY_MS);
    Delivery before = claim("before");
    assertThat(await(redis.store().ack(shard, List.of(before.token().lease()))))
        .containsExactly(true);
    closeAndReopen();
    offsetMs.set(0);
    schedule("keeps it");

    clear();

    assertThat(claimNext().token().lease().leaseId().fence())
        .isGreaterThan(before.token().lease().leaseId().fence());
  }

  @Test
  void leasesThatAreOutWhereItIsClearedEndInTimeAlsoIfTheClockIsSetBackThen() {
    offsetMs.set(DAY_MS);
    closeAndReopen();
    claim("out");
    clear();
    offsetMs.set(0);

    long nowMs = await(redis.store().nowMs(shard));
    long endMs = await(redis.store().expire(shard, 10)).nextExpiryMs();

    assertThat(endMs).isBetween(nowMs, nowMs + LEASE_MS + 10_000);
  }

  @Test
  void onlyTheDeletionThatClosedItLastOpensItAgain() {
    close("a1");
    close("b2");

    redis.run(new ReopenCall(shard, "a1", 4));
    assertThat(shards()).isNull();

    redis.run(new ReopenCall(shard, "b2", 4));
    assertThat(shards()).hasToString("4");
  }

  @Test
  void whatIsOpenSaysWhatItDid() {
    closeAndReopen();

    redis.run(new ReopenCall(shard, "a1", 9));

    assertThat(shards()).hasToString("4");
  }

  private Response shards() {
    return redis.send(Command.HGET, TestRedis.keys(shard).get(5), "shards");
  }

  private void close(String deletion) {
    assertThat(redis.run(new CloseCall(shard, deletion, false, 0)).isClosed()).isTrue();
  }

  private void closeAndReopen() {
    close("a1");
    redis.run(new ReopenCall(shard, "a1", 4));
  }

  private void clear() {
    assertThat(redis.run(new ClearCall(shard, "a1", false, true, false))).isFalse();
  }

  private void schedule(String id) {
    NewJob job = NewJob.of(new JobId(id), new Due.At(0), new byte[0]);
    await(redis.store().schedule(shard, List.of(new ScheduleItem(job, ConflictPolicy.REJECT))));
  }

  private Delivery claim(String id) {
    schedule(id);
    return claimNext();
  }

  private Delivery claimNext() {
    Slots slot = TestSlots.of(List.of(new Slots.Holder(1, 1, LEASE_MS)), List.of(0));
    return await(redis.store().claim(shard, slot)).deliveries().get(0);
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }
}
