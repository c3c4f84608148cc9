package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.JobStore;
import dev.dueline.store.queue.QueueTurns;
import dev.dueline.store.queue.QueueTurns.Turn;
import dev.dueline.store.redis.directory.RedisQueueTurns;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All queues are looked after in rounds, by one replica each, whatever the number of replicas. */
final class QueueTurnsTest {
  private static final int SHARDS_PER_SECOND = 10;
  private static final long BEGIN_MS = 1_700_000_000_000L;
  private static final AtomicLong OFFSET_MS = new AtomicLong();
  private static TestRedis redis;

  @BeforeAll
  static void start() {
    redis = new TestRedis();
    // No time passes but what a test lets pass.
    redis.setClockOffset(() -> BEGIN_MS + OFFSET_MS.get() - System.currentTimeMillis());
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
    return call.await().atMost(Duration.ofSeconds(20));
  }

  /** All replicas ask each tenth of a second for a time; gives what was dealt in each. */
  private static List<List<QueueName>> turns(List<QueueTurns> replicas, Duration time) {
    List<List<QueueName>> dealt = new ArrayList<>();
    for (long ms = 0; ms < time.toMillis(); ms += 100) {
      OFFSET_MS.addAndGet(100);
      List<QueueName> now = new ArrayList<>();
      replicas.forEach(replica -> now.addAll(take(replica).queues()));
      dealt.add(now);
    }
    return dealt;
  }

  private static Map<QueueName, Integer> counted(List<List<QueueName>> turns) {
    Map<QueueName, Integer> counts = new HashMap<>();
    turns.forEach(turn -> turn.forEach(name -> counts.merge(name, 1, Integer::sum)));
    return counts;
  }

  @Test
  void tenReplicasLookAtAsMuchAsOne() {
    IntStream.range(0, 35).forEach(i -> enter("q" + i, 1 + i % 3));

    Map<QueueName, Integer> alone = counted(turns(replicas(1), Duration.ofSeconds(45)));
    OFFSET_MS.addAndGet(RedisQueueTurns.ROUND.toMillis());
    redis.send(Command.DEL, "dueline:{dueline:queues}:turns");
    Map<QueueName, Integer> together = counted(turns(replicas(10), Duration.ofSeconds(45)));

    assertThat(alone).hasSize(35);
    assertThat(alone.values()).allMatch(rounds -> rounds >= 2 && rounds <= 3);
    assertThat(together).hasSize(35);
    assertThat(together.values()).allMatch(rounds -> rounds >= 2 && rounds <= 3);
  }

  @Test
  void noMoreShardsAreLookedAtThanMayBe() {
    IntStream.range(0, 200).forEach(i -> enter("q" + i, 2));

    List<List<QueueName>> turns = turns(replicas(3), Duration.ofSeconds(20));

    long shards = turns.stream().mapToLong(turn -> 2L * turn.size()).sum();
    assertThat(shards).isBetween(19L * SHARDS_PER_SECOND, 22L * SHARDS_PER_SECOND);
    assertThat(counted(turns).values()).allMatch(rounds -> rounds == 1);
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

  /** What it costs that replicas look after all queues for a time, asking as often as they do. */
  private static Map<String, Long> cost(int replicas, Duration time) {
    List<QueueTurns> all = replicas(replicas);
    // Each compares the index with the registry at first.
    all.forEach(QueueTurnsTest::take);
    redis.send(Command.DEL, "dueline:{dueline:queues}:turns");
    long[] askMs = new long[replicas];
    commands();
    for (long ms = 0; ms < time.toMillis(); ms += 100) {
      OFFSET_MS.addAndGet(100);
      for (int i = 0; i < replicas; i++) {
        if (ms >= askMs[i]) {
          Turn turn = take(all.get(i));
          turn.queues().forEach(QueueTurnsTest::look);
          askMs[i] = ms + turn.next().toMillis() + 1_500;
        }
      }
    }
    return commands();
  }

  private static void look(QueueName queue) {
    Shard shard = new Shard(queue, 0);
    assertThat(await(redis.store().expire(shard, JobStore.MAX_BATCH)).isAny()).isFalse();
  }

  @Test
  void tenReplicasCostRedisWhatOneDoesButForTheirAsking() {
    IntStream.range(0, 40).forEach(i -> enter("q" + i, 1));
    IntStream.range(0, 40).forEach(i -> look(new QueueName("q" + i)));
    Duration time = Duration.ofSeconds(60);

    Map<String, Long> alone = cost(1, time);
    Map<String, Long> together = cost(10, time);

    long looks = 3 * 40;
    assertThat(alone).containsEntry("zrangebyscore", 4 * looks);
    assertThat(together).containsEntry("zrangebyscore", 4 * looks);
    // Beside the looks, each replica asks for turns; nothing is written but whose turn it is.
    assertThat(alone.get("evalsha")).isBetween(looks, looks + 60);
    assertThat(together.get("evalsha")).isBetween(looks, looks + 10 * 60);
    assertThat(together.get("hset")).isEqualTo(alone.get("hset"));
    assertThat(together).doesNotContainKeys("zadd", "zrem", "hdel");
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
}
