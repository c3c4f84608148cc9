package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.QueueName;
import dev.dueline.store.queue.QueueTurns;
import dev.dueline.store.queue.QueueTurns.Turn;
import dev.dueline.store.redis.directory.RedisQueueTurns;
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
  private static final AtomicLong OFFSET_MS = new AtomicLong();
  private static TestRedis redis;

  @BeforeAll
  static void start() {
    redis = new TestRedis();
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
    return replica.take().await().atMost(Duration.ofSeconds(20));
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
