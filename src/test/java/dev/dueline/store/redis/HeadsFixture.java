package dev.dueline.store.redis;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.store.JobStore;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A shard of its own for each test, on one Redis, and what is announced of it. */
abstract class HeadsFixture {
  /** Far in the future, so that nothing of it falls due. */
  static final long T = 4_000_000_000_000L;

  static TestRedis redis;
  static JobStore store;
  private static HeadSubscriber subscriber;
  private static int shards;

  final Shard shard = new Shard(new QueueName("heads"), ++shards);

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

  /** What was announced since it was asked last. */
  final List<Long> announced() {
    return subscriber.announced(shard);
  }

  final void schedule(String id, long dueMs, @Nullable Recurrence recurrence) {
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

  /** The lease of a job that is due now. */
  final LeaseRef claimed() {
    Slots slot = TestSlots.of(List.of(new Slots.Holder(1, 1, 60_000)), List.of(0));
    return await(store.claim(shard, slot)).deliveries().get(0).token().lease();
  }

  static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }
}
