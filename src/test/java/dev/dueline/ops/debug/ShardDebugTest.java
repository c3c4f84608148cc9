package dev.dueline.ops.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.cli.debug.ShardQuery;
import dev.dueline.cli.text.UsageException;
import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.Shard;
import dev.dueline.job.TraceParent;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.recurrence.Cron;
import dev.dueline.job.recurrence.MissedRuns;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.redis.TestRedis;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is printed of a shard on a real Redis, and of the jobs in it. */
class ShardDebugTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Shard SHARD = new Shard(new QueueName("mail"), 0, 1);
  private static final long HOUR_MS = 3_600_000;

  private static TestRedis redis;

  private final Printed printed = new Printed(() -> redis);

  @BeforeAll
  static void fill() {
    redis = new TestRedis();
    var unused = await(redis.queues().layout(SHARD.queue()));
    schedule(NewJob.of(new JobId("now"), new Due.At(0), "hello".getBytes(StandardCharsets.UTF_8)));
    LeaseRef first = claim();
    await(
        redis
            .store()
            .release(
                SHARD,
                List.of(new Release(first, new Release.Target.AsItWas(), true, "no route")),
                false));
    LeaseRef second = claim();
    assertThat(second).isNotEqualTo(first);
    schedule(
        new NewJob(
            new JobId("full"),
            new Due.After(HOUR_MS),
            new byte[] {(byte) 0xFF, 0, 1},
            new TreeMap<>(Map.of("tenant", "t\u001b1")),
            new RetryPolicy(7, 1_500, 60_000, 2, 0.5),
            90_000,
            new Recurrence(new Cron("0 4 * * *", "Europe/Berlin"), Due.MAX_MS, 9, MissedRuns.SKIP),
            new TraceParent("0123456789abcdef0123456789abcdef", "0123456789abcdef", (byte) 1)));
    for (int i = 0; i < 20; i++) {
      schedule(NewJob.of(new JobId("later" + i), new Due.After((2 + i) * HOUR_MS), new byte[9]));
    }
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Test
  void showsTheKeysOfAShardAndTheFirstOfEach() {
    assertThat(print(shard(3))).isZero();
    assertThat(lines())
        .anyMatch(line -> line.startsWith("mail/0 of 1 shards, at 20"))
        .anyMatch(line -> line.matches("meta +hash of \\d+ +dueline:\\{mail/0}:meta"))
        .anyMatch(line -> line.matches("  scheduled +22"))
        .anyMatch(line -> line.matches("  fence +\\d{16}  20.*ago\\)"))
        .anyMatch(line -> line.matches("pending +zset of 21 +dueline:\\{mail/0}:pending"))
        .anyMatch(line -> line.matches("  due 20.* \\(in (1h|59m).*\\)  full"))
        .anyMatch(line -> line.matches("  until 20.* \\(in .*\\)  now  failed 1, fence .*no route"))
        .anyMatch(line -> line.matches("dead +–.*"))
        .anyMatch(line -> line.matches("jobs +hash of 22 .*"))
        .anyMatch(line -> line.endsWith("  later1"))
        .noneMatch(line -> line.endsWith("  later2"));
  }

  @Test
  void showsAllSectionsOfARecord() {
    assertThat(print(job("full"))).isZero();
    assertThat(lines())
        .anyMatch(line -> line.matches("  in pending +20.*"))
        .anyMatch(line -> line.matches("  in ttls +20.*"))
        .anyMatch(line -> line.matches("  layout +3"))
        .anyMatch(line -> line.matches("  flags +delay, ttl, series, trace, policy, attributes"))
        .anyMatch(line -> line.matches("  as given +delay PT1H"))
        .anyMatch(line -> line.matches("  ttl +PT1M30S"))
        .anyMatch(line -> line.matches("  series +cron 0 4 \\* \\* \\* in Europe/Berlin"))
        .anyMatch(line -> line.matches("  runs +0 completed, 0 died, 0 missed; most 9; .*SKIP"))
        .anyMatch(line -> line.matches("  policy +7 attempts, backoff PT1.5S to PT1M, .*0.5"))
        .anyMatch(line -> line.matches("  attribute +tenant = t\\\\u\\{1b}1"))
        .anyMatch(line -> line.matches("  attribute +traceparent = 00-0123.*"))
        .anyMatch(line -> line.matches("  payload +3 bytes"));
  }

  @Test
  void showsWhoHasAJobAndWhyItFailed() {
    assertThat(print(job("now"))).isZero();
    assertThat(lines())
        .anyMatch(line -> line.matches("  in leases +20.* \\(in .*\\)"))
        .anyMatch(line -> line.matches("  failed attempts +1"))
        .anyMatch(line -> line.matches("  lease +fence \\d{16}, replica 1, watcher 1"))
        .anyMatch(line -> line.matches("  last failure +no route"))
        .anyMatch(line -> line.matches("  first failure +no route"))
        .anyMatch(line -> line.matches("  first failed +20.*ago\\)"));
  }

  @Test
  void showsAPayloadOnlyWhereItIsAskedFor() {
    assertThat(print(job("now"))).isZero();
    assertThat(lines()).anyMatch(line -> line.matches("  payload +5 bytes"));
    assertThat(print(query("now", true))).isZero();
    assertThat(lines()).anyMatch(line -> line.matches("  payload +5 bytes: hello"));
    assertThat(print(query("full", true))).isZero();
    assertThat(lines()).anyMatch(line -> line.matches("  payload +3 bytes: 0xff0001"));
  }

  @Test
  void writesNothing() {
    long before = redis.send(Command.DBSIZE).toLong();
    String changed = redis.send(Command.INFO, "persistence").toString();
    assertThat(print(shard(1_000))).isZero();
    assertThat(print(job("full"))).isZero();
    assertThat(print(printed.query("nowhere", Optional.empty(), 10, false))).isZero();
    assertThat(redis.send(Command.DBSIZE).toLong()).isEqualTo(before);
    assertThat(changes(redis.send(Command.INFO, "persistence").toString()))
        .isEqualTo(changes(changed));
  }

  @Test
  void saysWhereThereIsNothing() {
    assertThat(print(job("nobody"))).isEqualTo(1);
    assertThat(printed.notes()).contains("nothing of this job in mail/0");
    assertThat(print(printed.query("nowhere", Optional.empty(), 10, false))).isZero();
    assertThat(lines())
        .anyMatch(line -> line.startsWith("nowhere/0 of an unknown number of shards"))
        .anyMatch(line -> line.matches("meta +–.*"));
  }

  @Test
  void saysThatRedisIsAway() {
    ShardQuery nowhere =
        new ShardQuery(
            new ShardQuery.Redis("redis://127.0.0.1:1", "standalone", "", Duration.ofSeconds(5)),
            "mail",
            Optional.empty(),
            Optional.empty(),
            10,
            false);
    assertThat(print(nowhere)).isEqualTo(3);
    assertThat(printed.notes()).contains("Redis cannot be reached");
  }

  @Test
  void usesThePasswordOfTheServiceAndDoesNotShowIt() {
    try (TestRedis locked = new TestRedis()) {
      Printed closed = new Printed(() -> locked);
      ShardQuery query = closed.query("mail", Optional.empty(), 10, false);
      var unused = locked.send(Command.CONFIG, "SET", "requirepass", "secret");
      assertThat(closed.print(query, "")).isEqualTo(3);
      assertThat(closed.print(query, "another secret")).isEqualTo(3);
      assertThat(closed.print(query, "secret")).isZero();
      assertThat(closed.notes() + closed.lines()).contains("mail/0").doesNotContain("secret");
    }
  }

  @Test
  void refusesNamesThatAreNone() {
    assertThatThrownBy(() -> print(printed.query("no queue", Optional.empty(), 10, false)))
        .isInstanceOf(UsageException.class);
    assertThatThrownBy(() -> print(job(""))).isInstanceOf(UsageException.class);
  }

  private static String changes(String info) {
    return info.lines().filter(line -> line.startsWith("rdb_changes")).findFirst().orElseThrow();
  }

  private ShardQuery shard(int most) {
    return printed.query(SHARD.queue().value(), Optional.empty(), most, false);
  }

  private ShardQuery job(String id) {
    return query(id, false);
  }

  private ShardQuery query(String job, boolean withPayload) {
    return printed.query(SHARD.queue().value(), Optional.of(job), 10, withPayload);
  }

  private int print(ShardQuery query) {
    return printed.print(query);
  }

  private List<String> lines() {
    return printed.lines();
  }

  private static void schedule(NewJob job) {
    var unused =
        await(redis.store().schedule(SHARD, List.of(new ScheduleItem(job, ConflictPolicy.REJECT))));
  }

  private static LeaseRef claim() {
    List<Slots.Holder> holder = List.of(new Slots.Holder(1, 1, 10 * HOUR_MS));
    return await(redis.store().claim(SHARD, TestSlots.of(holder, Collections.nCopies(1, 0))))
        .deliveries()
        .get(0)
        .token()
        .lease();
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(TIMEOUT);
  }
}
