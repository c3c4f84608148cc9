package dev.dueline.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.embedded.CapturedLog;
import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.failure.StoreDataException;
import dev.dueline.store.redis.RedisStore;
import dev.dueline.store.redis.TestRedis;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many shards a queue has is what no version writes: callers and the log are told where. */
final class UnreadableLayoutTest {
  private static final QueueName MAIL = new QueueName("mail");

  private final TestRedis redis = new TestRedis();
  private final RedisStore store = redis.replica(1);
  private Shard shard;

  @BeforeEach
  void aQueue() {
    shard = await(store.queues().layout(MAIL)).shards().get(0);
    schedule();
  }

  @AfterEach
  void stop() {
    store.close();
    redis.close();
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  private void schedule() {
    NewJob job = NewJob.of(new JobId("a"), new Due.After(0), new byte[0]);
    await(store.jobs().schedule(shard, List.of(new ScheduleItem(job, ConflictPolicy.REPLACE))));
  }

  private static void isAbout(String key, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StoreDataException.class, failure -> assertThat(failure.key()).isEqualTo(key));
  }

  @ParameterizedTest
  @ValueSource(strings = {"01", "0001", "0", "", "x", "-1", "1 ", "99999", "2000"})
  void aShardThatSaysSoIsNamed(String shards) {
    String key = "dueline:{mail/0}:meta";
    redis.send(Command.HSET, key, "shards", shards);
    try (CapturedLog log = CapturedLog.of("dev.dueline.store.redis")) {
      isAbout(key, this::schedule);
      isAbout(
          key,
          () ->
              await(
                  store
                      .jobs()
                      .claim(
                          shard,
                          TestSlots.of(List.of(new Slots.Holder(1, 1, 1_000)), List.of(0)))));

      assertThat(log.messages(Level.WARNING))
          .singleElement()
          .asString()
          .contains(key, "its field shards, \"" + shards + "\"", "Repair this key");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"shards=01", "shards=0001", "shards=0", "", "x", "shards=-1"})
  void anEntryOfTheRegistryThatSaysSoIsNamed(String entry) {
    redis.send(Command.HSET, "dueline:queues", "mail", entry);
    try (RedisStore other = redis.replica(1);
        CapturedLog log = CapturedLog.of("dev.dueline.store.redis")) {
      isAbout("dueline:queues", () -> await(other.queues().layout(MAIL)));

      assertThat(log.messages(Level.WARNING))
          .singleElement()
          .asString()
          .contains("mail (dueline:queues)", "\"" + entry + "\"", "Correct the field");
    }
  }
}
