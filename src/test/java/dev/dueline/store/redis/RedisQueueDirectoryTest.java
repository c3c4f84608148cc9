package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.QueueName;
import dev.dueline.store.QueueDirectoryContract;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.redis.layout.RedisKeys;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The registry in Redis and its index, also where only one of them was written. */
final class RedisQueueDirectoryTest extends QueueDirectoryContract {
  private static final Duration REST = Duration.ofMillis(50);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static TestRedis redis;
  private QueueDirectory directory;

  @BeforeAll
  static void start() {
    redis = new TestRedis();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void empty() {
    redis.send(Command.FLUSHALL);
    directory = redis.directory(REST);
  }

  @Override
  protected QueueDirectory directory() {
    return directory;
  }

  @Test
  void anEntryIsAsReplicasOfEarlierVersionsReadIt() {
    await(directory.layout(new QueueName("a")));
    assertThat(redis.send(Command.HGET, "dueline:queues", "a").toString()).isEqualTo("shards=2");
    earlierVersionEnters("b", 7);
    assertThat(await(directory.layout(new QueueName("b"))).shards()).hasSize(7);
  }

  @Test
  void theQueuesOfARegistryWithoutAnIndexAreThereAtOnce() {
    List<String> names = IntStream.range(10_000, 13_000).mapToObj(i -> "q-" + i).toList();
    enterAll(names);
    assertThat(names("", 5_000)).isEqualTo(names);
    assertThat(redis.directory(REST)).isNotNull();
  }

  @Test
  void aQueueThatAReplicaOfAnEarlierVersionEntersIsFound() {
    await(directory.layout(new QueueName("a")));
    assertThat(names("", 10)).containsExactly("a");
    earlierVersionEnters("b", 4);
    Awaitility.await().atMost(LIMIT).until(() -> names("", 10).equals(List.of("a", "b")));
  }

  @Test
  void aNameWhoseQueueARestoreTookIsFoundOutAndGoes() {
    for (String name : List.of("a", "b", "c")) {
      await(directory.layout(new QueueName(name)));
    }
    assertThat(names("", 10)).containsExactly("a", "b", "c");
    redis.send(Command.HDEL, "dueline:queues", "b");
    Awaitility.await().atMost(LIMIT).until(() -> names("", 10).equals(List.of("a", "c")));
  }

  @Test
  void anIndexOfTheSameSizeWithOtherNamesIsCorrectedByAReplicaThatStarts() {
    earlierVersionEnters("a", 4);
    redis.send(Command.ZADD, RedisKeys.QUEUE_NAMES, "0", "z");
    assertThat(names("", 10)).containsExactly("a");
  }

  /** It holds nothing that the registry does not, and every new queue has to be entered into it. */
  @Test
  void anIndexOfAnotherTypeIsMadeAnew() {
    await(directory.layout(new QueueName("a")));
    assertThat(names("", 10)).containsExactly("a");
    redis.send(Command.SET, RedisKeys.QUEUE_NAMES, "somebody else's");
    Awaitility.await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(() -> names("", 10).equals(List.of("a")));
    await(directory.layout(new QueueName("b")));
    assertThat(names("", 10)).containsExactly("a", "b");
  }

  @Test
  void aUserOfRedisThatMayNotCompareSizesSeesAllTheSame() {
    redis.send(Command.ACL, "SETUSER", "default", "-hlen");
    try {
      await(directory.layout(new QueueName("a")));
      earlierVersionEnters("b", 4);
      Awaitility.await().atMost(LIMIT).until(() -> names("", 10).equals(List.of("a", "b")));
    } finally {
      redis.send(Command.ACL, "SETUSER", "default", "+hlen");
    }
  }

  /** Once the index is complete, no list looks at more than it shows. */
  @Test
  void aPageReadsNoMoreThanItShows() {
    enterAll(IntStream.range(10_000, 13_000).mapToObj(i -> "q-" + i).toList());
    assertThat(names("q-12", 3)).containsExactly("q-12000", "q-12001", "q-12002");
    redis.send(Command.CONFIG, "RESETSTAT");
    Awaitility.await().atMost(LIMIT).until(() -> names("q-12", 3).size() == 3);
    assertThat(redis.send(Command.INFO, "commandstats").toString())
        .doesNotContain("cmdstat_hscan")
        .doesNotContain("cmdstat_evalsha")
        .contains("cmdstat_zrange");
  }

  private List<String> names(String prefix, int most) {
    return await(directory.names(prefix, "", 0, most)).stream().map(QueueName::value).toList();
  }

  private static void earlierVersionEnters(String queue, int shards) {
    redis.send(Command.HSETNX, "dueline:queues", queue, "shards=" + shards);
  }

  private static void enterAll(List<String> names) {
    List<String> fields = new ArrayList<>(List.of("dueline:queues"));
    names.forEach(name -> fields.addAll(List.of(name, "shards=4")));
    redis.send(Command.HSET, fields.toArray());
  }
}
