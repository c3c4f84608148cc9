package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.JobStore;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.call.ListQuery;
import dev.dueline.store.call.Rescheduled;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.due.LeasedJob;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.redis.layout.IdCodec;
import dev.dueline.store.redis.layout.RecordLayout;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A record that cannot be read holds up no other job, and stays for people to look at. */
final class UnreadableRecordTest {
  private static final JobId BAD = new JobId("bad");
  private static final AtomicInteger SHARDS = new AtomicInteger();

  private static final int TTL = 4;
  private static final int SERIES = 8;
  private static final int ATTRIBUTES = 64;
  private static final int UNKNOWN = 128;

  private static TestRedis redis;
  private static JobStore store;

  private final Shard shard = new Shard(new QueueName("unreadable:" + SHARDS.incrementAndGet()), 0);

  @BeforeAll
  static void start() {
    redis = new TestRedis();
    store = redis.store();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  static Stream<byte[]> records() {
    byte[] otherLayout = record(0);
    otherLayout[0] = RecordLayout.NUMBER + 1;
    byte[] lastLayout = record(0);
    lastLayout[0] = 2;
    return Stream.of(
        new byte[0],
        new byte[] {RecordLayout.NUMBER},
        otherLayout,
        lastLayout,
        Arrays.copyOf(record(0), 19),
        record(TTL),
        record(TTL, 0),
        record(TTL, 6, 1, 1, 1, 1, 1),
        record(TTL, 7, 1, 1, 1, 1, 1, 1, 1),
        record(SERIES, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        record(TTL | ATTRIBUTES, 1, 1, 5, 1, 'a', 1, 'b'),
        record(ATTRIBUTES, 255, 0, 0, 0),
        record(ATTRIBUTES, 255, -1, -1, -1, -1),
        record(UNKNOWN, 2, 0));
  }

  /** A record of this layout, with whatever stands behind its header. */
  private static byte[] record(int flags, int... sections) {
    byte[] record = new byte[20 + sections.length];
    record[0] = RecordLayout.NUMBER;
    record[13] = (byte) flags;
    for (int i = 0; i < sections.length; i++) {
      record[20 + i] = (byte) sections[i];
    }
    return record;
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  private void schedule(String id, long dueMs) {
    assertThat(schedule(id, dueMs, ConflictPolicy.REJECT).outcome())
        .isEqualTo(Scheduled.Outcome.CREATED);
  }

  private Scheduled schedule(String id, long dueMs, ConflictPolicy onConflict) {
    NewJob job =
        new NewJob(
            new JobId(id),
            new Due.At(dueMs),
            new byte[9],
            new TreeMap<>(Map.of("name", "value")),
            null,
            0);
    return await(store.schedule(shard, List.of(new ScheduleItem(job, onConflict)))).get(0);
  }

  private void spoil(byte[] record) {
    redis.send(Command.HSET, TestRedis.keys(shard).get(1), IdCodec.pack(BAD), record);
  }

  private List<Delivery> claim(int slots) {
    List<Slots.Holder> holder = List.of(new Slots.Holder(1, 1, 60_000));
    return await(store.claim(shard, TestSlots.of(holder, Collections.nCopies(slots, 0))))
        .deliveries();
  }

  private JobView read() {
    return await(store.read(shard, BAD)).orElseThrow();
  }

  private List<JobView> list(JobState state, boolean withPayload) {
    ListQuery query = new ListQuery(state, 0, Long.MAX_VALUE, null, 100, withPayload);
    return await(store.list(shard, query)).jobs();
  }

  private void isShown(JobView view, JobState state) {
    assertThat(view.state()).isEqualTo(state);
    assertThat(view.job().payload()).isEmpty();
    assertThat(view.failures().last()).isEqualTo("unreadable record");
  }

  @ParameterizedTest
  @MethodSource("records")
  void aClaimMovesItToTheDeadAndGoesOn(byte[] record) {
    schedule("bad", 1);
    schedule("good", 2);
    spoil(record);

    assertThat(claim(5)).extracting(job -> job.job().id().value()).containsExactly("good");

    isShown(read(), JobState.DEAD);
    assertThat(list(JobState.PENDING, true)).isEmpty();
    assertThat(list(JobState.DEAD, true)).hasSize(1);
    assertThat(redis.send(Command.HGET, TestRedis.keys(shard).get(5), "unreadable").toString())
        .isEqualTo("1");
  }

  @ParameterizedTest
  @MethodSource("records")
  void aPageShowsItAmongTheOthers(byte[] record) {
    schedule("bad", 1);
    schedule("good", 2);
    spoil(record);

    for (boolean withPayload : new boolean[] {true, false}) {
      List<JobView> page = list(JobState.PENDING, withPayload);
      assertThat(page).hasSize(2);
      isShown(page.get(0), JobState.PENDING);
    }
    isShown(read(), JobState.PENDING);
  }

  @ParameterizedTest
  @MethodSource("records")
  void scheduleAnswersThatTheIdIsTakenAndCanReplaceIt(byte[] record) {
    for (boolean isDead : new boolean[] {false, true}) {
      schedule("bad", 1);
      spoil(record);
      if (isDead) {
        claim(1);
      }

      assertThat(schedule("bad", 3, ConflictPolicy.REJECT).outcome())
          .isEqualTo(Scheduled.Outcome.ID_TAKEN);
      assertThat(schedule("bad", 3, ConflictPolicy.KEEP).outcome())
          .isEqualTo(Scheduled.Outcome.UNCHANGED);
      assertThat(schedule("bad", 3, ConflictPolicy.REPLACE).outcome())
          .isEqualTo(Scheduled.Outcome.REPLACED);
      assertThat(claim(1).get(0).job().payload()).hasSize(9);
      await(store.cancel(shard, List.of(new CancelItem(BAD, true))));
    }
  }

  @ParameterizedTest
  @MethodSource("records")
  void itIsCanceledAndNotMoved(byte[] record) {
    for (boolean isDead : new boolean[] {false, true}) {
      schedule("bad", 1);
      spoil(record);
      if (isDead) {
        claim(1);
      }

      assertThat(await(store.reschedule(shard, BAD, new Due.At(9))).outcome())
          .isEqualTo(Rescheduled.Outcome.NOT_FOUND);
      assertThat(await(store.cancel(shard, List.of(new CancelItem(BAD, false)))).get(0).outcome())
          .isEqualTo(Canceled.Outcome.CANCELED);
      assertThat(await(store.read(shard, BAD))).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("records")
  void aLeaseOfItEndsLikeAnyOther(byte[] record) {
    schedule("bad", 1);
    LeaseRef lease = claim(1).get(0).token().lease();
    spoil(record);

    Optional<LeasedJob> leased = await(store.leased(shard, List.of(lease))).get(0);
    assertThat(leased.orElseThrow().retryPolicy()).isEqualTo(RetryPolicy.DEFAULT);
    isShown(list(JobState.LEASED, true).get(0), JobState.LEASED);
    redis.setClockOffset(() -> 90_000);
    try {
      assertThat(await(store.expire(shard, 10)).leases()).containsExactly(lease);
    } finally {
      redis.setClockOffset(() -> 0);
    }
    assertThat(claim(1)).isEmpty();
    isShown(read(), JobState.DEAD);
  }
}
