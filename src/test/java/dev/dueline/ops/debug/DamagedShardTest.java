package dev.dueline.ops.debug;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.redis.TestRedis;
import dev.dueline.store.redis.layout.IdCodec;
import dev.dueline.store.redis.layout.RecordCodec;
import dev.dueline.store.redis.layout.RecordLayout;
import io.vertx.mutiny.redis.client.Command;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is printed of what does not fit together, or cannot be read. */
class DamagedShardTest {
  private static TestRedis redis;

  private final Printed printed = new Printed(() -> redis);

  @BeforeAll
  static void start() {
    redis = new TestRedis();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Test
  void showsNoByteOfARecordOfAnotherLayout() {
    List<byte[]> keys = keys("other");
    byte[] id = IdCodec.pack(new JobId("a"));
    byte[] record =
        ByteBuffer.allocate(30).put((byte) 9).put(20, "secret".getBytes(US_ASCII)).array();
    var unused = redis.send(Command.HSET, keys.get(1), id, record);
    String secret = HexFormat.of().formatHex("secret".getBytes(US_ASCII));

    assertThat(print("other", Optional.of("a"), false)).isZero();
    assertThat(printed.lines())
        .anyMatch(line -> line.matches("record, 30 bytes"))
        .anyMatch(line -> line.matches("  layout +9"))
        .noneMatch(line -> line.contains(secret) || line.contains("secret"));
    assertThat(print("other", Optional.of("a"), true)).isZero();
    assertThat(printed.lines()).anyMatch(line -> line.contains(secret));
  }

  @Test
  void showsARecordThatIsCutShortAsOneThatCannotBeRead() {
    List<byte[]> keys = keys("short");
    byte[] lost = IdCodec.pack(new JobId("lost"));
    byte[] waiting = IdCodec.pack(new JobId("waiting"));
    var unused = redis.send(Command.HSET, keys.get(1), lost, Arrays.copyOf(record(), 21));
    unused = redis.send(Command.HSET, keys.get(1), waiting, Arrays.copyOf(record(), 21));
    unused = redis.send(Command.ZADD, keys.get(0), "1000", waiting);

    assertThat(print("short", Optional.of("lost"), true)).isZero();
    assertThat(printed.lines())
        .anyMatch(line -> line.matches("  flags +delay, ttl"))
        .anyMatch(line -> line.startsWith("  cannot be read"))
        .anyMatch(line -> line.endsWith("the sweep takes it to dead"))
        .noneMatch(line -> line.startsWith("  payload"));
    assertThat(print("short", Optional.of("waiting"), true)).isZero();
    assertThat(printed.lines()).anyMatch(line -> line.startsWith("goes to dead when it is due"));
  }

  @Test
  void countsNoTimeOfATtlAsAnIndex() {
    List<byte[]> keys = keys("timed");
    byte[] lost = IdCodec.pack(new JobId("lost"));
    var unused = redis.send(Command.HSET, keys.get(1), lost, record());
    unused = redis.send(Command.ZADD, keys.get(6), "1000", lost);

    assertThat(print("timed", Optional.of("lost"), false)).isZero();
    assertThat(printed.lines())
        .anyMatch(line -> line.matches("  in ttls +1970.*"))
        .contains("in no index, unless it moved meanwhile: the sweep puts it back");
  }

  @Test
  void showsNoNonceOfADeliveryThatIsCutShort() {
    List<byte[]> keys = keys("cut");
    byte[] id = IdCodec.pack(new JobId("a"));
    byte[] delivery = new byte[37];
    Arrays.fill(delivery, 10, 18, (byte) 0xFE);
    Arrays.fill(delivery, 18, 26, (byte) 0xAB);
    var unused = redis.send(Command.ZADD, keys.get(0), "1000", id);
    unused = redis.send(Command.HSET, keys.get(2), id, delivery);

    assertThat(print("cut", Optional.of("a"), true)).isZero();
    assertThat(print("cut", Optional.empty(), true)).isZero();
    assertThat(printed.lines())
        .anyMatch(line -> line.matches("  cut short +0x.*(fe){8}"))
        .anyMatch(line -> line.matches(".* delivery cut short: 0x.*(fe){8}"))
        .noneMatch(line -> line.contains("abab"));
  }

  @Test
  void goesOnBesideWhatCannotBeRead() {
    List<byte[]> keys = keys("damaged");
    var unused = redis.send(Command.ZADD, keys.get(0), "1000", new byte[] {0});
    unused = redis.send(Command.HSET, keys.get(1), new byte[] {0}, "x");
    unused = redis.send(Command.SET, keys.get(2), "of another type");
    unused = redis.send(Command.HSET, keys.get(1), "a", "x");

    assertThat(print("damaged", Optional.empty(), false)).isZero();

    assertThat(printed.lines())
        .anyMatch(line -> line.endsWith("no id: 0x00"))
        .anyMatch(line -> line.matches("deliveries +string of 1 .*"))
        .anyMatch(line -> line.matches("jobs +hash of 2 .*"));
  }

  @Test
  void goesOnBesideKeysOfAnotherType() {
    List<byte[]> keys = keys("strings");
    var unused = redis.send(Command.SET, keys.get(5), "of another type");
    unused = redis.send(Command.SET, keys.get(2), "of another type");
    unused = redis.send(Command.ZADD, keys.get(0), "1000", IdCodec.pack(new JobId("a")));
    unused = redis.send(Command.HSET, keys.get(1), IdCodec.pack(new JobId("a")), record());

    assertThat(print("strings", Optional.empty(), false)).isZero();
    assertThat(printed.lines())
        .anyMatch(line -> line.startsWith("strings/0 of an unknown number of shards"))
        .anyMatch(line -> line.matches("meta +string of 1 .*"))
        .anyMatch(line -> line.startsWith("  due 1970") && line.endsWith("  a"))
        .contains("of another type, and so not read: dueline:{strings/0}:meta");
    assertThat(print("strings", Optional.of("a"), false)).isZero();
    assertThat(printed.lines())
        .anyMatch(line -> line.matches("  ttl +PT1M30S"))
        .contains("of another type, and so not read: dueline:{strings/0}:deliveries");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1025", "99999999999", "many"})
  void aNumberOfShardsThatIsNoneIsUnknown(String shards) {
    var unused = redis.send(Command.HSET, keys("odd").get(5), "shards", shards);

    assertThat(print("odd", Optional.of("a"), false)).isEqualTo(1);
    assertThat(printed.lines()).anyMatch(line -> line.contains("of an unknown number of shards"));
    assertThat(printed.notes()).contains("nothing of this job in odd/0");
  }

  private int print(String queue, Optional<String> job, boolean withPayload) {
    return printed.print(printed.query(queue, job, 10, withPayload));
  }

  private static List<byte[]> keys(String queue) {
    return TestRedis.keys(new Shard(new QueueName(queue), 0, 1));
  }

  /** A record of a job with a ttl. */
  private static byte[] record() {
    byte[] request =
        RecordCodec.encode(
            new NewJob(
                new JobId("any"),
                new Due.After(1_000),
                new byte[9],
                new TreeMap<>(),
                null,
                90_000,
                null,
                null));
    return ByteBuffer.allocate(13 + request.length)
        .put((byte) RecordLayout.NUMBER)
        .put(13, request)
        .array();
  }
}
