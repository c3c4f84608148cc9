package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.job.Shard;
import dev.dueline.store.IdleQueueContract;
import dev.dueline.store.JobStore;
import dev.dueline.store.failure.StaleLayoutException;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.RedisStreamStore;
import dev.dueline.store.redis.layout.RedisKeys;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Idle queues in a real Redis, whose clock a test moves. */
final class RedisIdleQueueTest extends IdleQueueContract {
  private static final long BEGIN_MS = 1_700_000_000_000L;
  private static final AtomicLong NOW_MS = new AtomicLong();
  private static TestRedis redis;

  private QueueDirectory directory;

  @BeforeAll
  static void start() {
    redis = new TestRedis();
    redis.setClockOffset(() -> NOW_MS.get() - System.currentTimeMillis());
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void empty() {
    NOW_MS.set(BEGIN_MS);
    redis.send(Command.FLUSHALL);
    directory = redis.directory(Duration.ofMillis(50));
  }

  @Override
  protected QueueDirectory directory() {
    return directory;
  }

  @Override
  protected JobStore jobs() {
    return redis.store();
  }

  @Override
  protected QueueStore operations() {
    return redis.operations();
  }

  @Override
  protected RedisStreamStore streams() {
    return redis.streams();
  }

  @Override
  protected void pass(Duration time) {
    NOW_MS.addAndGet(time.toMillis());
  }

  private Shard shard(int index) {
    return layout().shards().get(index);
  }

  private static String noted(Shard shard) {
    return Objects.toString(redis.send(Command.HGET, RedisKeys.meta(shard), "idle"));
  }

  @Test
  void nothingIsLeftOfAnIdleQueue() {
    schedule();
    cancel();
    assertThat(look()).isFalse();
    pass(MORE_THAN_TTL);
    assertThat(look()).isTrue();
    assertThat(redis.send(Command.KEYS, "*")).isEmpty();
  }

  @Test
  void aReplicaThatDiedKeepsTheQueueNoLongerThanItsWordHolds() {
    await(operations().present(shard(0), 7, 3, TTL.multipliedBy(2)));
    assertThat(look()).isFalse();
    pass(TTL.multipliedBy(2).minus(SLACK));
    assertThat(look()).isFalse();
    pass(SLACK.multipliedBy(2));
    assertThat(look()).isFalse();
    pass(MORE_THAN_TTL);
    assertThat(look()).isTrue();
  }

  /** Its script tells nothing of the look that another made. */
  @Test
  void aWatcherAtAReplicaOfAnEarlierVersionBeginsTheTimeAnew() {
    assertThat(look()).isFalse();
    pass(MORE_THAN_TTL);
    String until = Long.toString(NOW_MS.get() + TTL.toMillis());
    redis.send(Command.HSET, RedisKeys.meta(shard(0)), "watchers", "ab 4 " + until);
    assertThat(look()).isFalse();
    pass(MORE_THAN_TTL);
    assertThat(look()).isFalse();
    pass(MORE_THAN_TTL);
    assertThat(look()).isTrue();
  }

  @Test
  void aLookWritesOnlyWhereTheTimeBeginsOrEnds() {
    assertThat(look()).isFalse();
    assertThat(List.of(noted(shard(0)), noted(shard(1)))).allMatch(each -> each.matches("\\d+ 0"));
    pass(Duration.ofMinutes(1));
    redis.send(Command.CONFIG, "RESETSTAT");
    assertThat(look()).isFalse();
    assertThat(commandStats()).doesNotContain("cmdstat_hset", "cmdstat_hdel");
    await(operations().pause(shard(1), true));
    assertThat(look()).isFalse();
    assertThat(noted(shard(1))).isEqualTo("null");
    redis.send(Command.CONFIG, "RESETSTAT");
    assertThat(look()).isFalse();
    assertThat(commandStats()).doesNotContain("cmdstat_hset", "cmdstat_hdel");
  }

  @Test
  void aQueueWhoseFirstShardIsInUseCostsOneLook() {
    await(operations().pause(shard(0), true));
    await(operations().pause(shard(1), false));
    assertThat(look()).isFalse();
    redis.send(Command.CONFIG, "RESETSTAT");
    assertThat(look()).isFalse();
    assertThat(commandStats()).contains("cmdstat_evalsha:calls=1,");
  }

  private static String commandStats() {
    return redis.send(Command.INFO, "commandstats").toString();
  }

  /** Each shard keeps its own time, and the shortest counts. */
  @Test
  void aShardThatWasUsedKeepsTheOthers() {
    assertThat(look()).isFalse();
    int used = shard().index();
    String unused = noted(shard(1 - used));
    pass(TTL.dividedBy(2));
    schedule();
    cancel();
    assertThat(look()).isFalse();
    assertThat(noted(shard(used))).endsWith(" 1");
    assertThat(noted(shard(1 - used))).isEqualTo(unused);
    pass(TTL.dividedBy(2).plus(SLACK));
    assertThat(look()).isFalse();
    pass(TTL.dividedBy(2));
    assertThat(look()).isTrue();
  }

  @Test
  void theTimeBeginsOnceRedisStreamsAreEmpty() {
    deliver(true);
    schedule();
    assertThat(await(streams().feed(shard(), 10)).dueMs()).hasSize(1);
    deliver(false);
    assertThat(look()).isFalse();
    pass(MORE_THAN_TTL);
    redis.send(Command.XTRIM, RedisKeys.stream(shard()), "MAXLEN", "0");
    assertThat(look()).isFalse();
    pass(MORE_THAN_TTL);
    assertThat(look()).isTrue();
    assertThat(redis.send(Command.KEYS, "*")).isEmpty();
  }

  @Test
  void whatWasFlushedIsNotDeleted() {
    QueueLayout layout = layout();
    assertThat(look()).isFalse();
    pass(MORE_THAN_TTL);
    redis.send(Command.FLUSHALL);
    assertThatThrownBy(() -> await(directory.deleteIdle(layout, TTL)))
        .isInstanceOf(StaleLayoutException.class);
    assertThat(redis.send(Command.KEYS, "*")).isEmpty();
    schedule();
    assertThat(look()).isFalse();
  }

  @Test
  void anIdleQueueGoesAlsoWhenRedisIsOutOfMemory() {
    schedule();
    cancel();
    redis.send(Command.CONFIG, "SET", "maxmemory", "1");
    try {
      assertThat(look()).isFalse();
      pass(MORE_THAN_TTL);
      assertThat(look()).isTrue();
      assertThat(redis.send(Command.KEYS, "*")).isEmpty();
    } finally {
      redis.send(Command.CONFIG, "SET", "maxmemory", "0");
    }
  }

  @Test
  void aNoteThatThisVersionCannotReadBeginsTheTimeAnew() {
    Response unused =
        redis.send(Command.HSET, RedisKeys.meta(shard(0)), "idle", "what a later version writes");
    assertThat(look()).isFalse();
    assertThat(noted(shard(0))).matches("\\d+ 0");
    pass(MORE_THAN_TTL);
    assertThat(look()).isTrue();
  }
}
