package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.TraceParent;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.store.JobStore;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.redis.layout.IdCodec;
import dev.dueline.store.redis.layout.RecordCodec;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A job of which one section cannot be read is delivered with its payload, and all the rest. */
final class DamagedSectionsTest {
  private static final JobId ID = new JobId("a");
  private static final byte[] PAYLOAD = {1, 2, 3};
  private static final AtomicInteger SHARDS = new AtomicInteger();

  /** Behind the header of a record: the length of its first section. */
  private static final int LENGTH_AT = 20;

  /** In a series: its kind. */
  private static final int KIND_AT = 18;

  private static TestRedis redis;
  private static JobStore store;

  private final Shard shard = new Shard(new QueueName("damaged:" + SHARDS.incrementAndGet()), 0);

  @BeforeAll
  static void start() {
    redis = new TestRedis();
    store = redis.store();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  private void schedule(NewJob job) {
    await(store.schedule(shard, List.of(new ScheduleItem(job, ConflictPolicy.REJECT))));
  }

  private byte[] record() {
    return redis
        .send(Command.HGET, TestRedis.keys(shard).get(1), IdCodec.pack(ID))
        .toBuffer()
        .getDelegate()
        .getBytes();
  }

  private void write(byte[] record) {
    redis.send(Command.HSET, TestRedis.keys(shard).get(1), IdCodec.pack(ID), record);
  }

  /** The same record, whose first section is other bytes. */
  private static byte[] withFirstSection(byte[] record, byte[] section) {
    int behind = LENGTH_AT + 1 + record[LENGTH_AT];
    return ByteBuffer.allocate(record.length - record[LENGTH_AT] + section.length)
        .put(record, 0, LENGTH_AT)
        .put((byte) section.length)
        .put(section)
        .put(record, behind, record.length - behind)
        .array();
  }

  private static byte[] firstSection(byte[] record) {
    return Arrays.copyOfRange(record, LENGTH_AT + 1, LENGTH_AT + 1 + record[LENGTH_AT]);
  }

  private Delivery claim() {
    List<Slots.Holder> holder = List.of(new Slots.Holder(1, 1, 60_000));
    return await(store.claim(shard, TestSlots.of(holder, List.of(0)))).deliveries().get(0);
  }

  private JobView read() {
    return await(store.read(shard, ID)).orElseThrow();
  }

  private static NewJob job(@Nullable Recurrence recurrence, @Nullable TraceParent trace) {
    return new NewJob(
        ID,
        new Due.At(1),
        PAYLOAD,
        new TreeMap<>(Map.of("name", "value")),
        null,
        0,
        recurrence,
        trace);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 16, 23})
  void aTraceThatIsCutShortIsNone(int bytes) {
    schedule(job(null, new TraceParent("1".repeat(32), "2".repeat(16), (byte) 1)));
    write(withFirstSection(record(), new byte[bytes]));
    assertThat(RecordCodec.read(ID, record())).isPresent();

    Delivery delivery = claim();

    assertThat(delivery.job().payload()).isEqualTo(PAYLOAD);
    assertThat(delivery.job().attributes()).containsExactly(Map.entry("name", "value"));
  }

  /**
   * Kinds of a later version, one that is cut short behind its runs, and what no version writes.
   */
  static Stream<byte[]> series() {
    byte[] series = new byte[40];
    series[KIND_AT] = 3;
    byte[] noKind = new byte[KIND_AT];
    byte[] noRule = new byte[KIND_AT + 1 + 6 + 8 + 1];
    noRule[KIND_AT] = 2;
    noRule[noRule.length - 1] = 1;
    byte[] noText = Arrays.copyOf(noRule, noRule.length + 1);
    noText[KIND_AT] = 1;
    noText[noText.length - 1] = 9;
    return Stream.of(series, noKind, Arrays.copyOf(series, 25), noRule, noText);
  }

  @ParameterizedTest
  @MethodSource("series")
  void aSeriesThatNobodyCanFollowIsDeliveredAndEndsWithTheDead(byte[] series) {
    schedule(job(Recurrence.of(new Every(60_000)), null));
    write(withFirstSection(record(), series));

    Delivery delivery = claim();

    assertThat(delivery.job().payload()).isEqualTo(PAYLOAD);
    assertThat(delivery.job().series()).isNull();
    assertThat(delivery.job().attributes()).containsExactly(Map.entry("name", "value"));
    assertThat(await(store.ack(shard, List.of(delivery.token().lease())))).containsExactly(true);
    assertThat(read().state()).isEqualTo(JobState.DEAD);
    assertThat(read().failures().last()).isEqualTo("unreadable recurrence");
    assertThat(read().job().payload()).isEqualTo(PAYLOAD);
  }

  /** Of the kind of an interval, as if it were one, it would run at a time of nobody's choice. */
  @ParameterizedTest
  @ValueSource(bytes = {0, 3, 127})
  void anotherKindIsNoInterval(byte kind) {
    schedule(job(Recurrence.of(new Every(60_000)), null));
    byte[] series = firstSection(record());
    series[KIND_AT] = kind;
    write(withFirstSection(record(), series));

    assertThat(claim().job().series()).isNull();
  }
}
