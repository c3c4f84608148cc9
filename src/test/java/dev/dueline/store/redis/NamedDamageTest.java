package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.embedded.CapturedLog;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.SweepStep;
import dev.dueline.store.failure.StoreDataException;
import dev.dueline.store.failure.StoreReplyException;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ScriptCall;
import dev.dueline.store.redis.script.ShardCall;
import dev.dueline.store.redis.script.directory.EnterCall;
import dev.dueline.store.redis.script.directory.IndexCall;
import io.vertx.mutiny.redis.client.Command;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Only a key that is seen to be damaged is named, since people delete what they are told of. */
final class NamedDamageTest {
  private static final Shard SHARD = new Shard(new QueueName("mail"), 3);

  private final TestRedis redis = new TestRedis();

  @AfterEach
  void stop() {
    redis.close();
  }

  /** A script whose reply says something that this version does not know. */
  private record UnknownReply(Shard shard) implements ShardCall<String> {
    @Override
    public Script script() {
      return Script.COUNT;
    }

    @Override
    public void addTo(Arguments arguments) {
      arguments.add(1).add(0);
    }

    @Override
    public String read(Reply reply) {
      throw new StoreReplyException("a reply with an unknown code", null);
    }
  }

  private void isNamed(String key, ScriptCall<?> call, String... inLog) {
    try (CapturedLog log = CapturedLog.of("dev.dueline.store.redis")) {
      assertThatThrownBy(() -> redis.run(call))
          .isInstanceOfSatisfying(
              StoreDataException.class, failure -> assertThat(failure.key()).isEqualTo(key));
      assertThat(log.messages(Level.WARNING)).singleElement().asString().contains(inLog);
    }
  }

  @Test
  void whereNoKeyIsWrongTheShardIsNamedAndNoKey() {
    isNamed(
        "",
        new UnknownReply(SHARD),
        "mail/3 cannot be read: a reply with an unknown code. ",
        "dueline debug shard mail 3",
        "delete no key");
  }

  @Test
  void aKeyOfAnotherTypeIsNamedWithWhatToDo() {
    String key = RedisKeys.named(SHARD, "dead");
    redis.send(Command.SET, key, "somebody else's");
    isNamed(key, new UnknownReply(SHARD), "mail/3 (" + key + ") cannot be read", "Repair this key");
  }

  @Test
  void aSweepNamesALimitThatIsNoNumber() {
    String key = RedisKeys.named(SHARD, "meta");
    redis.send(Command.HSET, key, "rate", "nan");
    try (CapturedLog log = CapturedLog.of("dev.dueline.store.redis")) {
      boolean isComplete = false;
      while (!isComplete) {
        isComplete =
            redis
                .store()
                .sweep(SHARD, new SweepStep.Pace(0, 0, 0))
                .await()
                .indefinitely()
                .isComplete();
      }
      assertThat(log.messages(Level.WARNING))
          .singleElement()
          .asString()
          .contains("mail/3 (" + key + ")", "counts as not set", "HDEL")
          .doesNotContain("delete it");
    }
  }

  static Stream<Map.Entry<String, ScriptCall<?>>> shared() {
    EnterCall enter = new EnterCall("mail", "shards=1", "");
    return Stream.of(
        Map.entry(RedisKeys.QUEUE_NAMES, new IndexCall(false, "0", 10)),
        Map.entry(RedisKeys.QUEUE_NAMES, enter),
        Map.entry(RedisKeys.QUEUES, enter));
  }

  /** The registry stands first among the keys of each of these: whoever deletes it loses it. */
  @ParameterizedTest
  @MethodSource("shared")
  void ofWhatAllQueuesShareTheKeyThatIsWrongIsNamed(Map.Entry<String, ScriptCall<?>> wrong) {
    String key = wrong.getKey();
    redis.send(Command.SET, key, "somebody else's");
    isNamed(key, wrong.getValue(), "what all queues share (" + key + ") cannot be read");
  }

  /** The hash has the entries of all queues: nobody is told to delete it for one of them. */
  @Test
  void ofAnEntryOfTheRegistryTheFieldIsToBeCorrected() {
    redis.send(Command.HSET, RedisKeys.QUEUES, "mail", "shards=01");
    try (CapturedLog log = CapturedLog.of("dev.dueline.store.redis")) {
      assertThat(
              redis
                  .queues()
                  .layouts(List.of(new QueueName("mail")))
                  .await()
                  .indefinitely()
                  .failed())
          .hasSize(1);
      assertThat(log.messages(Level.WARNING))
          .singleElement()
          .asString()
          .contains("mail (dueline:queues)", "shards=01", "Correct the field", "HDEL")
          .doesNotContain("delete it");
    }
  }
}
