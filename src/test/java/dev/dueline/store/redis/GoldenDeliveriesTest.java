package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.Failures;
import dev.dueline.job.JobId;
import dev.dueline.job.JobView;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.redis.layout.DeliveryRecord;
import dev.dueline.store.redis.script.Script;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Java and Lua read every delivery in {@code src/test/resources/records/deliveries.txt}, and Lua
 * writes it: those of this version, and of the one before, which knew no first failure.
 */
final class GoldenDeliveriesTest {
  private static final long DUE_MS = 1_800_000_000_000L;
  private static final long FIRST_MS = 1_700_000_000_001L;
  private static final String NO_ROUTE = "no route: é";
  private static final LeaseId LEASE = new LeaseId(0x0006_0000_0000_0001L, 2, 3, 4);
  private static final LeaseId NOBODYS = new LeaseId(5, 0, 0, 0);
  private static final Shard SHARD = new Shard(new QueueName("golden"), 0);
  private static final JobId ID = new JobId("a");

  private static final String COPY =
      """
      -- Lib deliveries
      local failed, due, lease_id, failures, recurs = unpack_delivery(ARGV[2])
      return pack_delivery(failed, due, lease_id, failures, recurs)
      """;

  private static TestRedis redis;

  @BeforeAll
  static void start() {
    redis = new TestRedis();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  private static Map<String, byte[]> golden() throws IOException {
    Map<String, byte[]> golden = new LinkedHashMap<>();
    Path file = Path.of("src/test/resources/records/deliveries.txt");
    for (String line : Files.readAllLines(file)) {
      String[] fields = line.split(" ", -1);
      golden.put(fields[0], HexFormat.of().parseHex(fields[1]));
    }
    return golden;
  }

  private static byte[] golden(String name) throws IOException {
    return Objects.requireNonNull(golden().get(name), name);
  }

  @Test
  void javaReads() throws IOException {
    Map<String, DeliveryRecord> read = new LinkedHashMap<>();
    golden().forEach((name, bytes) -> read.put(name, DeliveryRecord.of(bytes)));

    Map<String, DeliveryRecord> all = new LinkedHashMap<>();
    all.put("leased", record(0, false, LEASE, Failures.NONE));
    all.put("recurs", record(0, true, LEASE, Failures.NONE));
    all.put("nobodys", record(0, true, NOBODYS, Failures.NONE));
    all.put("uncounted", record(0, false, null, new Failures("busy", "", Failures.NEVER)));
    all.put("untold", record(1, false, null, new Failures("", "", FIRST_MS)));
    all.put("same", record(2, false, LEASE, new Failures(NO_ROUTE, NO_ROUTE, FIRST_MS)));
    all.put("other", record(3, true, LEASE, new Failures("busy", NO_ROUTE, FIRST_MS)));
    all.put("first_untold", record(2, false, null, new Failures("busy", "", FIRST_MS)));
    all.put("before_leased", record(2, false, LEASE, new Failures(NO_ROUTE, "", Failures.NEVER)));
    all.put("before_untold", record(1, false, null, Failures.NONE));
    assertThat(read).containsExactlyEntriesOf(all);
  }

  @Test
  void luaReadsAndWrites() throws IOException {
    golden().forEach((name, bytes) -> assertThat(copy(bytes)).describedAs(name).isEqualTo(bytes));
  }

  @Test
  void luaWritesFailures() throws IOException {
    byte[] same = tail(golden("same"));
    byte[] other = tail(golden("other"));

    assertThat(add(same, "busy")).isEqualTo(other);
    assertThat(add(other, "")).isEqualTo(other);
    assertThat(add(other, NO_ROUTE)).isEqualTo(same);
    assertThat(add(tail(golden("untold")), "busy")).isEqualTo(tail(golden("first_untold")));
    assertThat(add(tail(golden("before_leased")), "busy")).isEqualTo(tail(golden("uncounted")));
  }

  @Test
  void whatTheVersionBeforeCountedHasNoFirstFailure() throws IOException {
    byte[] before = golden("before_leased");
    System.arraycopy(new byte[28], 0, before, 10, 28);
    schedule();
    new DamagedShard(redis, SHARD).write("deliveries", "a", before);

    Delivery delivery = claim();
    assertThat(delivery.attempt()).isEqualTo(3);
    assertThat(delivery.failures()).isEqualTo(new Failures(NO_ROUTE, "", Failures.NEVER));
    fail(delivery, "busy");

    assertThat(read().failures()).isEqualTo(new Failures("busy", "", Failures.NEVER));
    assertThat(read().failedAttempts()).isEqualTo(3);
  }

  @Test
  void aFirstFailureThatTheVersionBeforeKeptTooLongIsNone() throws IOException {
    byte[] stale = golden("same");
    System.arraycopy(new byte[4], 0, stale, 0, 4);
    System.arraycopy(new byte[28], 0, stale, 10, 28);
    schedule();
    new DamagedShard(redis, SHARD).write("deliveries", "a", stale);
    assertThat(read().failures()).isEqualTo(new Failures(NO_ROUTE, "", Failures.NEVER));

    Delivery delivery = claim();
    assertThat(delivery.failures()).isEqualTo(new Failures(NO_ROUTE, "", Failures.NEVER));
    fail(delivery, "busy");

    assertThat(read().failures().first()).isEqualTo("busy");
    assertThat(read().failures().firstMs()).isGreaterThan(FIRST_MS);
  }

  @Test
  void aFirstFailureThatIsCutShortIsNone() throws IOException {
    byte[] same = tail(golden("same"));
    for (int length = same.length - 7; length < same.length; length++) {
      assertThat(DeliveryRecord.failures(Arrays.copyOf(same, length)))
          .isEqualTo(new Failures(NO_ROUTE, "", Failures.NEVER));
    }
  }

  private static DeliveryRecord record(
      int failed, boolean recurs, @Nullable LeaseId lease, Failures failures) {
    return new DeliveryRecord(failed, recurs, DUE_MS, Optional.ofNullable(lease), failures);
  }

  private static byte[] copy(byte[] delivery) {
    return bytes(redis.eval(Script.assemble(COPY), SHARD, 0, delivery, 0));
  }

  private static byte[] add(byte[] failures, String reason) {
    String script = "-- Lib deliveries\nreturn add_failure(ARGV[2], ARGV[3])\n";
    return bytes(redis.eval(Script.assemble(script), SHARD, 0, failures, reason, 0));
  }

  private static byte[] tail(byte[] delivery) {
    return Arrays.copyOfRange(delivery, 38, delivery.length);
  }

  private static void schedule() {
    NewJob job = NewJob.of(ID, new Due.At(0), new byte[0]);
    await(redis.store().schedule(SHARD, List.of(new ScheduleItem(job, ConflictPolicy.REPLACE))));
  }

  private static Delivery claim() {
    Slots one = TestSlots.of(List.of(new Slots.Holder(1, 1, 600_000)), List.of(0));
    return await(redis.store().claim(SHARD, one)).deliveries().get(0);
  }

  private static void fail(Delivery delivery, String reason) {
    Release.Target again = new Release.Target.DueAgain(new Due.At(0));
    Release release = new Release(delivery.token().lease(), again, true, reason);
    await(redis.store().release(SHARD, List.of(release), false));
  }

  private static JobView read() {
    return await(redis.store().read(SHARD, ID)).orElseThrow();
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  private static byte[] bytes(Response bulk) {
    return bulk.toBuffer().getDelegate().getBytes();
  }
}
