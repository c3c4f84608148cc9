package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.StoredJob;
import dev.dueline.job.TraceParent;
import dev.dueline.job.recurrence.Runs;
import dev.dueline.job.recurrence.Series;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.redis.layout.IdCodec;
import dev.dueline.store.redis.layout.RecordCodec;
import dev.dueline.store.redis.layout.RecordLayout;
import dev.dueline.store.redis.script.Script;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Java and Lua read every record of every layout from the first one on, and write the last. */
final class GoldenRecordsTest {
  private static final int FIRST_LAYOUT = 3;
  private static final Shard SHARD = new Shard(new QueueName("golden"), 0);

  /** What Lua finds in a record, and makes of it. */
  private static final String READ =
      """
      -- Lib records, deliveries, runs, entries, conflicts
      local record = ARGV[2]
      local payload_at, sections = parse(record)
      local texts = attributes_of(record, sections)
      if sections[HAS_TRACE] then add_trace(texts, record, sections) end
      return {due_of(record), ttl_of(record, sections), string.sub(record, payload_at),
        without_payload(record), as_given(record), with_due(record, 5),
        sections[HAS_SERIES] and with_run(record, 7, 1, 2, 3) or '', texts}
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

  static Stream<GoldenRecord> all() throws IOException {
    List<GoldenRecord> all = new ArrayList<>();
    for (int layout = FIRST_LAYOUT; layout <= RecordLayout.NUMBER; layout++) {
      all.addAll(GoldenRecord.of(layout));
    }
    return all.stream();
  }

  static Stream<GoldenRecord> last() throws IOException {
    return GoldenRecord.of(RecordLayout.NUMBER).stream();
  }

  @Test
  void everyLayoutHasEveryJob() throws IOException {
    for (int layout = FIRST_LAYOUT; layout <= RecordLayout.NUMBER; layout++) {
      assertThat(GoldenRecord.of(layout))
          .extracting(GoldenRecord::name)
          .containsExactlyElementsOf(GoldenRecord.jobs().keySet());
    }
  }

  @ParameterizedTest
  @MethodSource("last")
  void javaAndLuaWriteTheLastLayout(GoldenRecord golden) {
    Shard shard = new Shard(new QueueName("written:" + golden.name()), 0);
    redis
        .store()
        .schedule(shard, List.of(new ScheduleItem(golden.job(), ConflictPolicy.REJECT)))
        .await()
        .atMost(Duration.ofSeconds(60));
    byte[] key = TestRedis.keys(shard).get(1);
    byte[] written = bytes(redis.send(Command.HGET, key, IdCodec.pack(GoldenRecord.ID)));
    // The time of creation is that of the test.
    System.arraycopy(golden.bytes(), 7, written, 7, 6);
    assertThat(written).isEqualTo(golden.bytes());
  }

  @ParameterizedTest
  @MethodSource("all")
  void javaReads(GoldenRecord golden) {
    isRead(RecordCodec.decode(GoldenRecord.ID, golden.bytes()), golden.job(), GoldenRecord.DUE_MS);
  }

  @ParameterizedTest
  @MethodSource("all")
  void luaReadsAndJavaReadsWhatLuaChanges(GoldenRecord golden) {
    NewJob job = golden.job();
    Response read = redis.eval(Script.assemble(READ), SHARD, 0, golden.bytes(), 0);

    assertThat(read.get(0).toLong()).isEqualTo(GoldenRecord.DUE_MS);
    assertThat(read.get(1).toLong()).isEqualTo(job.ttlMs());
    assertThat(bytes(read.get(2))).isEqualTo(job.payload());
    int head = golden.bytes().length - job.payload().length;
    assertThat(bytes(read.get(3))).isEqualTo(Arrays.copyOf(golden.bytes(), head));
    assertThat(texts(read.get(7))).isEqualTo(attributes(job));
    isRead(RecordCodec.decode(GoldenRecord.ID, bytes(read.get(5))), job, 5);
    if (job.recurrence() != null) {
      StoredJob next = RecordCodec.decode(GoldenRecord.ID, bytes(read.get(6)));
      assertThat(next.series()).isEqualTo(new Series(job.recurrence(), new Runs(1, 2, 3)));
      assertThat(next.dueMs()).isEqualTo(7);
      assertThat(next.payload()).isEqualTo(job.payload());
      assertThat(next.attributes()).isEqualTo(attributes(job));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aRequestIsTheSameInAnotherTraceAndAfterARun(GoldenRecord golden) {
    NewJob job = golden.job();
    byte[] given = asGiven(golden.bytes());
    if (job.recurrence() != null) {
      Response read = redis.eval(Script.assemble(READ), SHARD, 0, golden.bytes(), 0);
      assertThat(asGiven(bytes(read.get(6)))).isEqualTo(given);
    }
    TraceParent other = new TraceParent("1".repeat(32), "2".repeat(16), (byte) 1);
    byte[] request = RecordCodec.encode(job.in(other));
    byte[] record = Arrays.copyOf(golden.bytes(), 13 + request.length);
    System.arraycopy(request, 0, record, 13, request.length);
    if (golden.layout() == RecordLayout.NUMBER) {
      assertThat(asGiven(record)).isEqualTo(given);
    }
  }

  private static byte[] asGiven(byte[] record) {
    return bytes(redis.eval(Script.assemble(READ), SHARD, 0, record, 0).get(4));
  }

  private static void isRead(StoredJob read, NewJob job, long dueMs) {
    Series series = job.recurrence() == null ? null : new Series(job.recurrence(), Runs.NONE);
    assertThat(read)
        .usingRecursiveComparison()
        .isEqualTo(
            new StoredJob(
                GoldenRecord.ID,
                dueMs,
                GoldenRecord.CREATED_MS,
                job.ttlMs(),
                job.retryPolicy(),
                attributes(job),
                job.payload(),
                series));
  }

  private static TreeMap<String, String> attributes(NewJob job) {
    TreeMap<String, String> attributes = new TreeMap<>(job.attributes());
    if (job.trace() != null) {
      attributes.put(TraceParent.ATTRIBUTE, job.trace().toString());
    }
    return attributes;
  }

  private static TreeMap<String, String> texts(Response fields) {
    TreeMap<String, String> texts = new TreeMap<>();
    for (int i = 0; i < fields.size(); i += 2) {
      String name = fields.get(i).toString();
      texts.put(name.replaceFirst("^attribute:", ""), fields.get(i + 1).toString());
    }
    return texts;
  }

  private static byte[] bytes(Response bulk) {
    return bulk.toBuffer().getDelegate().getBytes();
  }
}
