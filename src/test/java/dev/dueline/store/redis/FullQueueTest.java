package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.store.JobStore;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.call.Scheduled.Outcome;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one call may store where its items together are more than the queue takes. */
final class FullQueueTest {
  private final TestRedis redis = new TestRedis();
  private final JobStore store = redis.store();
  private final Shard shard = new Shard(new QueueName("full"), 0);

  @AfterEach
  void stop() {
    redis.close();
  }

  @Test
  void newJobsOfOneCallShareTheRoom() {
    limit(2);
    assertThat(schedule("a", "b", "c"))
        .containsExactly(Outcome.CREATED, Outcome.CREATED, Outcome.QUEUE_FULL);
  }

  @Test
  void aDeadJobThatIsReplacedTakesRoomFromTheOthers() {
    schedule("dead");
    die();
    limit(1);
    assertThat(schedule("dead", "new")).containsExactly(Outcome.REPLACED, Outcome.QUEUE_FULL);
  }

  @Test
  void aWaitingJobThatIsReplacedNeedsNoRoom() {
    schedule("waits");
    limit(1);
    assertThat(schedule("waits", "new")).containsExactly(Outcome.REPLACED, Outcome.QUEUE_FULL);
  }

  private void limit(long maxPending) {
    QueueLimits limits = new QueueLimits(0, 0, maxPending);
    var unused = await(redis.operations().limit(shard, QueueLimits.Change.to(limits), limits));
  }

  /** Each job differs from all before. */
  private List<Outcome> schedule(String... ids) {
    List<ScheduleItem> items =
        Stream.of(ids)
            .map(id -> NewJob.of(new JobId(id), new Due.At(0), payload(System.nanoTime())))
            .map(job -> new ScheduleItem(job, ConflictPolicy.REPLACE))
            .toList();
    return await(store.schedule(shard, items)).stream().map(Scheduled::outcome).toList();
  }

  private void die() {
    Slots slots = TestSlots.of(List.of(new Slots.Holder(1, 1, 30_000)), List.of(0));
    Delivery delivery = await(store.claim(shard, slots)).deliveries().get(0);
    Release dead =
        new Release(delivery.token().lease(), new Release.Target.Dead(), true, "given up");
    assertThat(await(store.release(shard, List.of(dead), false))).containsExactly(true);
  }

  private static byte[] payload(long number) {
    return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }
}
