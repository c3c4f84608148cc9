package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.embedded.CapturedLog;
import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.JobStore;
import dev.dueline.store.call.JobPage;
import dev.dueline.store.call.ListQuery;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.ClaimedLeases;
import dev.dueline.store.due.ExpiredLeases;
import dev.dueline.store.due.Slots;
import dev.dueline.store.redis.layout.IdCodec;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.lease.ClaimCall;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An id in Redis that is none keeps back no other job of its shard. */
final class UnreadableIdTest {
  private static final long NONCE = 77;
  private static final AtomicInteger SHARDS = new AtomicInteger();

  private static TestRedis redis;
  private static JobStore store;

  private final Shard shard = new Shard(new QueueName("ids:" + SHARDS.incrementAndGet()), 0);

  @BeforeAll
  static void start() {
    redis = new TestRedis();
    store = redis.store();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  static Stream<byte[]> ids() {
    // As many bytes as a script takes for an id's, of more characters than one has.
    byte[] tooLong = new byte[250];
    Arrays.fill(tooLong, (byte) 0x55);
    return Stream.of(new byte[0], tooLong);
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  private byte[] key(int index) {
    return TestRedis.keys(shard).get(index);
  }

  private void schedule(String id, long dueMs) {
    NewJob job = NewJob.of(new JobId(id), new Due.At(dueMs), new byte[9]);
    await(store.schedule(shard, List.of(new ScheduleItem(job, ConflictPolicy.REJECT))));
  }

  private Response record(String id) {
    return redis.send(Command.HGET, key(1), IdCodec.pack(new JobId(id)));
  }

  private static byte[] bytes(Response bulk) {
    return bulk.toBuffer().getDelegate().getBytes();
  }

  /** A job of which everything is as it should be but its id. */
  private void putPending(byte[] id, long dueMs) {
    redis.send(Command.ZADD, key(0), dueMs, id);
    redis.send(Command.HSET, key(1), id, bytes(record("good")));
  }

  /** The same, leased by the same claim as a job that is good. */
  private void putLeased(byte[] id, long expiryMs) {
    redis.send(Command.ZADD, key(3), expiryMs, id);
    redis.send(Command.HSET, key(1), id, bytes(record("good")));
    Response delivery = redis.send(Command.HGET, key(2), IdCodec.pack(new JobId("good")));
    redis.send(Command.HSET, key(2), id, bytes(delivery));
  }

  private List<Delivery> claim(int slots) {
    List<Slots.Holder> holders = List.of(new Slots.Holder(1, 1, 60_000));
    Slots slot = new Slots(holders, Collections.nCopies(slots, 0), NONCE, 0, 0);
    return await(store.claim(shard, slot)).deliveries();
  }

  @ParameterizedTest
  @MethodSource("ids")
  void aClaimDeliversTheOthersAndTheLogSaysSo(byte[] id) {
    schedule("good", 5);
    putPending(id, 1);
    try (CapturedLog log = CapturedLog.of("dev.dueline.store.redis")) {
      List<Delivery> deliveries = claim(5);

      assertThat(deliveries).extracting(job -> job.job().id().value()).containsExactly("good");
      // With the lease that Redis gave it, and not that of the row before.
      assertThat(await(store.ack(shard, List.of(deliveries.get(0).token().lease()))))
          .containsExactly(true);
      if (id.length > 0) {
        assertThat(log.messages(Level.WARNING))
            .singleElement()
            .asString()
            .contains(shard.toString(), "dueline debug shard " + shard.queue() + " 0")
            .doesNotContain(":pending");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ids")
  void leasesOfOthersEnd(byte[] id) {
    schedule("good", 5);
    LeaseRef lease = claim(1).get(0).token().lease();
    putLeased(id, 1);
    redis.setClockOffset(() -> 90_000);
    try {
      assertThat(await(store.expire(shard, 10)).leases()).containsExactly(lease);
    } finally {
      redis.setClockOffset(() -> 0);
    }
  }

  /** More of them than are asked for at once: those behind them end all the same. */
  @Test
  void leasesOfOthersEndBehindThem() {
    schedule("good", 5);
    LeaseRef lease = claim(1).get(0).token().lease();
    putLeased(7);
    redis.setClockOffset(() -> 90_000);
    try {
      ExpiredLeases expired = await(store.expire(shard, 2));

      assertThat(expired.leases()).containsExactly(lease);
      assertThat(expired.mayHaveMore()).isTrue();
      assertThat(await(store.expire(shard, 2)).mayHaveMore()).isFalse();
    } finally {
      redis.setClockOffset(() -> 0);
    }
  }

  /** So many that nothing behind them is looked for: nobody asks again and again. */
  @Test
  void nobodyLooksBehindThousands() {
    schedule("good", 5);
    claim(1);
    putLeased(2_100);
    redis.setClockOffset(() -> 90_000);
    try {
      ExpiredLeases expired = await(store.expire(shard, JobStore.MAX_BATCH));

      assertThat(expired.leases()).isEmpty();
      assertThat(expired.mayHaveMore()).isFalse();
    } finally {
      redis.setClockOffset(() -> 0);
    }
  }

  private void putLeased(int number) {
    for (int i = 0; i < number; i++) {
      byte[] id = new byte[300 + i];
      Arrays.fill(id, (byte) 0x55);
      putLeased(id, 1);
    }
  }

  @ParameterizedTest
  @MethodSource("ids")
  void leasesThatAClaimGaveAreFound(byte[] id) {
    schedule("good", 5);
    LeaseRef lease = claim(1).get(0).token().lease();
    putLeased(id, 1);

    ClaimedLeases found = await(store.claimed(shard, List.of(NONCE), ClaimedLeases.BEGIN));

    assertThat(found.leases()).containsExactly(lease);
  }

  private JobPage page(JobState state, int size, @Nullable JobPage before) {
    JobPage.Position after =
        before == null ? null : JobPage.Position.of(before.jobs().get(before.jobs().size() - 1));
    return await(store.list(shard, new ListQuery(state, 0, Long.MAX_VALUE, after, size, false)));
  }

  private static List<String> ids(JobPage page) {
    return page.jobs().stream().map(view -> view.job().id().value()).toList();
  }

  /** More of them than a page has, at its beginning and within: no page ends early for it. */
  @Test
  void pagesShowAllOthers() {
    schedule("good", 5);
    schedule("later", 7);
    for (int i = 0; i < 7; i++) {
      byte[] id = new byte[600 + i];
      Arrays.fill(id, (byte) 0x55);
      putPending(id, i < 4 ? 1 : 6);
    }

    JobPage first = page(JobState.PENDING, 1, null);
    assertThat(ids(first)).containsExactly("good");
    assertThat(first.hasMore()).isTrue();
    JobPage last = page(JobState.PENDING, 1, first);
    assertThat(ids(last)).containsExactly("later");
    assertThat(last.hasMore()).isFalse();
    assertThat(ids(page(JobState.PENDING, 10, null))).containsExactly("good", "later");
  }

  @Test
  void pagesOfLeasedJobsShowAllOthers() {
    schedule("good", 5);
    claim(1);
    for (byte[] id : ids().toList()) {
      putLeased(id, 4_000_000_000_000L);
    }

    assertThat(ids(page(JobState.LEASED, 10, null))).containsExactly("good");
  }

  /**
   * As if the script took it for readable, and only Java cannot: nobody gets it as an empty job.
   */
  @Test
  void aRecordThatOnlyJavaCannotReadIsHandedToNobody() {
    schedule("good", 5);
    List<Slots.Holder> holders =
        List.of(new Slots.Holder(1, 11, 60_000), new Slots.Holder(1, 12, 60_000));
    ClaimCall call = ClaimCall.of(shard, new Slots(holders, List.of(0, 1, 0), NONCE, 0, 0));
    String rows = "ARGV[1], 5, 0, '', ARGV[2], ARGV[1], 5, 0, '', '', ARGV[1], 5, 0, '', ARGV[2]";
    Response reply =
        redis.eval(
            "return {1, -1, -1, 0, 0, 41, 1, " + rows + "}",
            shard,
            IdCodec.pack(new JobId("good")),
            bytes(record("good")));

    List<Delivery> deliveries = call.read(new Reply(reply, 0)).deliveries();

    assertThat(deliveries).allMatch(job -> job.job().payload().length == 9);
    assertThat(deliveries)
        .extracting(job -> job.token().lease().leaseId())
        .containsExactly(new LeaseId(41, NONCE, 1, 11), new LeaseId(43, NONCE, 1, 11));
    assertThat(Delivery.byWatcher(deliveries)).containsOnlyKeys(11);
  }
}
