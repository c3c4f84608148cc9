package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.embedded.CapturedLog;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.JobStore;
import dev.dueline.store.queue.QueueTurns;
import dev.dueline.store.queue.QueueTurns.Turn;
import dev.dueline.store.redis.directory.QueueIndex;
import dev.dueline.store.redis.directory.RedisQueueTurns;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All queues are looked after in rounds, by one replica each, whatever the number of replicas. */
final class QueueTurnsTest {
  private static final int SHARDS_PER_SECOND = 10;

  /** After which nothing more comes. */
  private static final Duration MOST = Duration.ofMinutes(10);

  private static final AtomicLong OFFSET_MS = new AtomicLong();
  private static TestRedis redis;

  @BeforeAll
  static void start() {
    redis = new TestRedis();
    // Time passes as a test lets it pass, and by itself.
    redis.setClockOffset(OFFSET_MS::get);
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void empty() {
    redis.send(Command.FLUSHALL);
  }

  private static List<QueueTurns> replicas(int count) {
    return IntStream.range(0, count).mapToObj(i -> redis.turns(SHARDS_PER_SECOND)).toList();
  }

  private static void enter(String name, int shards) {
    redis.send(Command.HSET, "dueline:queues", name, "shards=" + shards);
    redis.send(Command.ZADD, "dueline:{dueline:queues}:names", "0", name);
  }

  private static Turn take(QueueTurns replica) {
    return await(replica.take());
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  /**
   * What was dealt, one time after the other.
   *
   * @param ms how long that took by Redis's clock
   */
  private record Dealt(List<List<QueueName>> turns, long ms) {
    /** How often each queue was dealt. */
    Map<QueueName, Integer> counted() {
      Map<QueueName, Integer> counts = new HashMap<>();
      turns.forEach(turn -> turn.forEach(name -> counts.merge(name, 1, Integer::sum)));
      return counts;
    }

    /** Most rounds that can have begun. */
    long mostRounds() {
      return ms / RedisQueueTurns.ROUND.toMillis() + 1;
    }
  }

  private static long nowMs() {
    return await(redis.store().nowMs(new Shard(new QueueName("any"), 0)));
  }

  /** All replicas ask each tenth of a second, or less often, for a time. */
  private static Dealt turns(List<QueueTurns> replicas, Duration time) {
    List<List<QueueName>> dealt = new ArrayList<>();
    long beginMs = nowMs();
    for (long ms = 0; ms < time.toMillis(); ms += 100) {
      OFFSET_MS.addAndGet(100);
      List<QueueName> now = new ArrayList<>();
      replicas.forEach(replica -> now.addAll(take(replica).queues()));
      dealt.add(now);
    }
    return new Dealt(dealt, nowMs() - beginMs);
  }

  @Test
  void turnsOfAnotherTypeAreForgotten() {
    enter("a", 1);
    redis.send(Command.SET, "dueline:{dueline:queues}:turns", "somebody else's");
    assertThat(take(replicas(1).get(0)).queues()).containsExactly(new QueueName("a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"shards=99999", "shards=999999999999999999999", "shards=7 more", "shards=0", "x"})
  void anEntryThatCannotBeReadKeepsNobodyWaiting(String entry) {
    enter("a", 1);
    redis.send(Command.HSET, "dueline:queues", "a", entry);
    Turn turn = take(replicas(1).get(0));
    assertThat(turn.queues()).containsExactly(new QueueName("a"));
    assertThat(turn.next()).isLessThanOrEqualTo(RedisQueueTurns.ROUND);
  }

  @Test
  void tenReplicasLookAtAsMuchAsOne() {
    IntStream.range(0, 35).forEach(i -> enter("q" + i, 1 + i % 3));

    Dealt alone = turns(replicas(1), Duration.ofSeconds(45));
    OFFSET_MS.addAndGet(RedisQueueTurns.ROUND.toMillis());
    redis.send(Command.DEL, "dueline:{dueline:queues}:turns");
    Dealt together = turns(replicas(10), Duration.ofSeconds(45));

    for (Dealt dealt : List.of(alone, together)) {
      assertThat(dealt.counted()).hasSize(35);
      assertThat(dealt.counted().values())
          .allMatch(rounds -> rounds >= 2 && rounds <= dealt.mostRounds());
    }
  }

  @Test
  void noMoreShardsAreLookedAtThanMayBe() {
    IntStream.range(0, 500).forEach(i -> enter("q" + i, 2));

    Dealt dealt = turns(replicas(3), Duration.ofSeconds(20));

    long shards = dealt.turns().stream().mapToLong(turn -> 2L * turn.size()).sum();
    // One turn at once, and one in each second.
    assertThat(shards)
        .isBetween(20L * SHARDS_PER_SECOND, (dealt.ms() / 1_000 + 1) * SHARDS_PER_SECOND);
    assertThat(dealt.counted().values()).allMatch(rounds -> rounds == 1);
  }

  /**
   * What Redis counted since it was last asked: commands, with those of scripts, by their names.
   */
  private static Map<String, Long> commands() {
    Map<String, Long> counts = new HashMap<>();
    redis
        .send(Command.INFO, "commandstats")
        .toString()
        .lines()
        .filter(line -> line.startsWith("cmdstat_"))
        .forEach(
            line ->
                counts.put(
                    line.substring("cmdstat_".length(), line.indexOf(':')),
                    Long.parseLong(line.replaceFirst(".*:calls=(\\d+),.*", "$1"))));
    redis.send(Command.CONFIG, "RESETSTAT");
    return counts;
  }

  /**
   * What it costs that replicas look at queues.
   *
   * @param asked how often they asked for a turn
   * @param ms how long that took by Redis's clock
   */
  private record Cost(Map<String, Long> commands, long asked, long ms) {}

  /** Until replicas have looked at so many queues, asking as often as they do. */
  private static Cost cost(int replicas, long looks) {
    List<QueueTurns> all = replicas(replicas);
    // Each compares the index with the registry at first.
    all.forEach(QueueTurnsTest::take);
    redis.send(Command.DEL, "dueline:{dueline:queues}:turns");
    long[] askMs = new long[replicas];
    long looked = 0;
    long asked = 0;
    long beginMs = nowMs();
    commands();
    for (long ms = 0; looked < looks && ms < MOST.toMillis(); ms += 100) {
      OFFSET_MS.addAndGet(100);
      for (int i = 0; i < replicas && looked < looks; i++) {
        if (ms >= askMs[i]) {
          Turn turn = take(all.get(i));
          turn.queues().forEach(QueueTurnsTest::look);
          looked += turn.queues().size();
          asked++;
          askMs[i] = ms + turn.next().toMillis() + 1_500;
        }
      }
    }
    return new Cost(commands(), asked, nowMs() - beginMs);
  }

  private static void look(QueueName queue) {
    Shard shard = new Shard(queue, 0);
    assertThat(await(redis.store().expire(shard, JobStore.MAX_BATCH)).isAny()).isFalse();
  }

  @Test
  void tenReplicasCostRedisWhatOneDoesButForTheirAsking() {
    IntStream.range(0, 40).forEach(i -> enter("q" + i, 1));
    IntStream.range(0, 40).forEach(i -> look(new QueueName("q" + i)));
    long looks = 3 * 40;

    Cost alone = cost(1, looks);
    Cost together = cost(10, looks);

    for (Cost cost : List.of(alone, together)) {
      // The third round begins no sooner than two rounds after the first.
      assertThat(cost.ms()).isGreaterThanOrEqualTo(2 * RedisQueueTurns.ROUND.toMillis());
      assertThat(cost.commands()).containsEntry("zrangebyscore", 4 * looks);
      // Beside the looks, each replica asks for turns; nothing is written but whose turn it is.
      assertThat(cost.commands().get("evalsha")).isBetween(looks, looks + cost.asked());
    }
    assertThat(together.commands().get("hset")).isEqualTo(alone.commands().get("hset"));
    assertThat(together.commands()).doesNotContainKeys("zadd", "zrem", "hdel");
  }

  @Test
  void aQueueOfManyShardsTakesManyTurns() {
    enter("many", 64);
    enter("next", 1);

    Turn first = take(redis.turns(SHARDS_PER_SECOND));

    assertThat(first.queues()).containsExactly(new QueueName("many"));
    assertThat(first.next()).isEqualTo(Duration.ofMillis(6_400));
  }

  @Test
  void aClockThatWasSetBackDoesNotStopTheRounds() {
    enter("a", 1);
    OFFSET_MS.addAndGet(Duration.ofDays(1).toMillis());
    assertThat(take(redis.turns(SHARDS_PER_SECOND)).queues()).hasSize(1);

    OFFSET_MS.addAndGet(-Duration.ofDays(1).toMillis());

    assertThat(take(redis.turns(SHARDS_PER_SECOND)).queues()).hasSize(1);
  }

  @Test
  void withoutQueuesThereIsNothingToDo() {
    Turn turn = take(redis.turns(SHARDS_PER_SECOND));

    assertThat(turn.queues()).isEmpty();
    assertThat(turn.next()).isEqualTo(RedisQueueTurns.ROUND);
  }

  /** Names that the index lacks wait; those that it has have their turn. */
  @Test
  void anIndexThatCannotBeRepairedKeepsBackNoTurn() {
    enter("a", 1);
    redis.send(Command.ACL, "SETUSER", "default", "-hscan");
    try {
      assertThat(take(redis.turns(SHARDS_PER_SECOND)).queues()).hasSize(1);
    } finally {
      redis.send(Command.ACL, "SETUSER", "default", "+hscan");
    }
  }

  @Test
  void anIndexOfAnotherTypeIsNamedOnceAndMadeAnew() {
    enter("a", 1);
    String names = "dueline:{dueline:queues}:names";
    redis.send(Command.DEL, names);
    redis.send(Command.SET, names, "somebody else's");
    QueueIndex index = redis.index();
    try (CapturedLog log = CapturedLog.of("dev.dueline.store.redis")) {
      for (int i = 0; i < 2; i++) {
        assertThat(await(index.names("", "", 0, 10))).containsExactly(new QueueName("a"));
      }
      assertThat(log.messages(Level.WARNING))
          .singleElement()
          .asString()
          .contains("what all queues share (" + names + ") cannot be read: WRONGTYPE");
    }
  }
}
