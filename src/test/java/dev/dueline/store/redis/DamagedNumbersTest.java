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
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.Inconsistency;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.call.Deadline;
import dev.dueline.store.call.RequestId;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.redis.script.TypesCall;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A damaged number, score or id stops nobody. */
final class DamagedNumbersTest {
  private static final long HOUR_MS = 3_600_000;
  private static final long STEP_MS = 10_000;
  private static final List<String> FIELDS =
      List.of(
          "fence",
          "longest",
          "tat",
          "rate",
          "outstanding",
          "capacity",
          "limits",
          "scheduled",
          "dispatched",
          "acked",
          "retried",
          "died",
          "expired",
          "unreadable",
          "sweep",
          "swept",
          "mended_unindexed",
          "watchers",
          "idle");
  private static final List<String> VALUES =
      List.of(
          "", "x", "1.5", "nan", "inf", "-inf", "-5", "0", "1e400", "0x10", "9223372036854775807");
  private static final AtomicInteger QUEUES = new AtomicInteger();

  private static TestRedis redis;
  private Shard shard;
  private DamagedShard keys;
  private long offsetMs;

  @BeforeAll
  static void start() {
    redis = new TestRedis();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void queue() {
    QueueName queue = new QueueName("damaged" + QUEUES.incrementAndGet());
    shard = await(redis.queues().layout(queue)).shards().get(0);
    keys = new DamagedShard(redis, shard);
    redis.setClockOffset(() -> offsetMs);
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  private void schedule(String id) {
    NewJob job = NewJob.of(new JobId(id), new Due.After(0), new byte[1]);
    await(redis.store().schedule(shard, List.of(new ScheduleItem(job, ConflictPolicy.REJECT))));
  }

  private List<Delivery> claim(int count, long leaseMs) {
    offsetMs += STEP_MS;
    List<Slots.Holder> holder = List.of(new Slots.Holder(1, 1, leaseMs));
    return await(redis.store().claim(shard, TestSlots.of(holder, Collections.nCopies(count, 0))))
        .deliveries();
  }

  private boolean ack(Delivery job) {
    return await(redis.store().ack(shard.place(), List.of(job.token().lease()))).get(0);
  }

  private void set(String field, String value) {
    redis.send(Command.HSET, keys.key("meta"), field, value);
  }

  static Stream<Arguments> damages() {
    return FIELDS.stream()
        .flatMap(field -> VALUES.stream().map(value -> Arguments.of(field, value)));
  }

  @ParameterizedTest
  @MethodSource("damages")
  void aNumberOfMetaStopsNobody(String field, String value) {
    schedule("held");
    Delivery held = claim(1, HOUR_MS).get(0);
    schedule("a");
    if (field.equals("tat")) {
      set("rate", "5");
    }
    set(field, value);
    if (field.equals("outstanding") && (value.equals("1.5") || value.equals("0x10"))) {
      assertThat(ack(held)).isTrue();
    }

    Delivery first = claim(1, HOUR_MS).get(0);
    assertThat(ack(first)).isTrue();
    schedule("b");
    assertThat(claim(1, 1)).hasSize(1);
    offsetMs += STEP_MS;
    await(redis.store().expire(shard, 100));
    offsetMs += HOUR_MS / 2;
    List<Delivery> again = claim(1, HOUR_MS);
    assertThat(again).hasSize(1);
    assertThat(again.get(0).token().lease().id()).isEqualTo(new JobId("b"));
    assertThat(ack(again.get(0))).isTrue();
    await(redis.operations().stats(shard).onFailure().recoverWithNull());
    keys.sweep(() -> {});
  }

  @ParameterizedTest
  @CsvSource({
    "fence,nan",
    "fence,inf",
    "fence,1e18",
    "fence,-1",
    "longest,abc",
    "longest,''",
    "tat,nan",
    "rate,0",
    "rate,-5",
    "rate,nan",
    "rate,inf",
    "outstanding,0",
    "outstanding,-5",
    "outstanding,nan",
    "capacity,nan",
    "scheduled,1.5",
    "dispatched,-1",
    "unreadable,x",
    "acked,9223372036854775807",
    "mended_jobless,''",
    "limits,1 2",
    "limits,nan 1 1",
    "stream,''",
    "stream,x"
  })
  void aDamagedNumberIsNamed(String field, String value) {
    schedule("a");
    set("rate", "2.5");
    set("limits", "2.5 0 0");
    set("stream", "100 readers");
    assertThat(redis.run(new TypesCall(shard.place()))).isEmpty();
    set(field, value);
    assertThat(redis.run(new TypesCall(shard.place()))).contains("dueline:{" + shard + "}:meta");
  }

  @Test
  void fencesOfAClaimDifferWhateverTheLastOneSays() {
    set("fence", "1e18");
    schedule("a");
    schedule("b");
    List<Delivery> jobs = claim(2, HOUR_MS);
    assertThat(jobs.stream().map(job -> job.token().lease().leaseId().fence()))
        .hasSize(2)
        .doesNotHaveDuplicates();
    List<LeaseRef> leases = jobs.stream().map(job -> job.token().lease()).toList();
    assertThat(await(redis.store().ack(shard.place(), leases))).containsExactly(true, true);
  }

  @Test
  void limitsOfAnotherTextAreReplacedWhole() {
    set("limits", "garbage");
    QueueLimits limits = new QueueLimits(0, 7, 0);
    await(
        redis
            .operations()
            .limit(
                shard,
                new QueueLimits.Change(limits, java.util.Set.of(QueueLimits.Part.OUTSTANDING)),
                limits));
    assertThat(await(redis.operations().stats(shard)).limits()).isEqualTo(limits);
  }

  @Test
  void aCounterBeginsAnew() {
    set("scheduled", "9223372036854775807");
    schedule("a");
    assertThat(keys.counter("scheduled")).isEqualTo(1);
    schedule("b");
    assertThat(keys.counter("scheduled")).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"-1", "-inf"})
  void aScoreBeforeAllTimesIsDue(String score) {
    schedule("a");
    redis.eval(
        "redis.call('ZADD', KEYS[1], ARGV[1], redis.call('ZRANGE', KEYS[1], 0, 0)[1])",
        shard,
        score);
    Delivery job = claim(1, HOUR_MS).get(0);
    assertThat(job.dueMs()).isZero();
    assertThat(ack(job)).isTrue();
  }

  @Test
  void scoresThatAreNoTimesAreSetRight() {
    schedule("a");
    schedule("b");
    Delivery held = claim(1, HOUR_MS).get(0);
    redis.eval(
        "for _, i in ipairs({1, 4}) do"
            + " redis.call('ZADD', KEYS[i], '+inf', redis.call('ZRANGE', KEYS[i], 0, 0)[1]) end",
        shard);

    assertThat(keys.sweep(() -> {})).containsExactly(Map.entry(Inconsistency.MISTIMED, 2));

    Delivery next = claim(1, HOUR_MS).get(0);
    assertThat(ack(next)).isTrue();
    offsetMs += 2 * HOUR_MS;
    await(redis.store().expire(shard, 100));
    assertThat(claim(1, HOUR_MS).get(0).token().lease().id()).isEqualTo(held.token().lease().id());
  }

  @Test
  void anIdThatIsEmptyGoes() {
    schedule("a");
    redis.eval(
        "local id = redis.call('ZRANGE', KEYS[1], 0, 0)[1]"
            + " redis.call('HSET', KEYS[2], '', redis.call('HGET', KEYS[2], id))"
            + " redis.call('ZADD', KEYS[1], 0, '')",
        shard);
    assertThat(claim(2, HOUR_MS)).hasSize(1);
    assertThat(keys.sweep(() -> {})).containsExactly(Map.entry(Inconsistency.RECORDLESS, 1));
    assertThat(redis.send(Command.HLEN, keys.key("jobs")).toLong()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"''", "short", "nan"})
  void whatIsKnownOfRequestsStopsNobody(String value) {
    RequestId request = new RequestId("once");
    NewJob job = NewJob.of(new JobId("a"), new Due.After(0), new byte[1]);
    ScheduleItem item = new ScheduleItem(job, ConflictPolicy.REJECT, request, Deadline.NEVER);
    await(redis.store().schedule(shard, List.of(item)));
    redis.eval(
        "local key = string.gsub(KEYS[6], 'meta$', 'requests')"
            + " for _, field in ipairs(redis.call('HKEYS', key)) do"
            + " redis.call('HSET', key, field, ARGV[1]) end",
        shard,
        value);
    schedule("b");
    await(redis.store().schedule(shard, List.of(item)));
    CancelItem cancel = new CancelItem(new JobId("a"), true, Objects.requireNonNull(request));
    assertThat(await(redis.store().cancel(shard, List.of(cancel))))
        .extracting(Canceled::outcome)
        .containsExactly(Canceled.Outcome.CANCELED);
  }
}
