package dev.dueline.store.redis.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.store.failure.StoreFullException;
import dev.dueline.store.failure.StoreReplyException;
import dev.dueline.store.failure.StoreUnavailableException;
import io.smallrye.mutiny.TimeoutException;
import io.vertx.redis.client.impl.types.ErrorType;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a failed call to Redis means; the texts are those of Redis 7, and of 6.2 in scripts. */
final class RedisFailuresTest {
  private static final String IN_SCRIPT_OF_6 =
      "ERR Error running script (call to f_0123456789abcdef): @user_script:15: -";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LOADING Redis is loading the dataset in memory",
        "READONLY You can't write against a read only replica.",
        "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
        "CLUSTERDOWN The cluster is down",
        "CLUSTERDOWN Hash slot not served",
        "TRYAGAIN Multiple keys request during rehashing of slot",
        "MOVED 3999 127.0.0.1:6381",
        "ASK 3999 127.0.0.1:6381",
        "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
        "MISCONF Errors writing to the AOF file: No space left on device",
        "NOREPLICAS Not enough good replicas to write.",
        "UNBLOCKED force unblock from blocking operation",
        "CONNECTION_CLOSED",
        IN_SCRIPT_OF_6 + "READONLY You can't write against a read only replica.",
        IN_SCRIPT_OF_6 + "NOREPLICAS Not enough good replicas to write.",
        IN_SCRIPT_OF_6 + "MISCONF Errors writing to the AOF file: No space left on device"
      })
  void whatPassesIsUnavailable(String message) {
    assertThat(RedisFailures.of(ErrorType.create(message)))
        .isInstanceOf(StoreUnavailableException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OOM command not allowed when used memory > 'maxmemory'.",
        "OOM command not allowed when used memory > 'maxmemory'. script: 0123, on @user_script:15.",
        IN_SCRIPT_OF_6 + "OOM command not allowed when used memory > 'maxmemory'."
      })
  void noMemoryIsFull(String message) {
    assertThat(RedisFailures.of(ErrorType.create(message))).isInstanceOf(StoreFullException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WRONGTYPE Operation against a key holding the wrong kind of value",
        "ERR user_script:3: attempt to index a nil value script: 0123, on @user_script:3.",
        "CROSSSLOT Keys in request don't hash to the same slot",
        "BUSYGROUP Consumer Group name already exists"
      })
  void whatWillNotPassIsABug(String message) {
    assertThat(RedisFailures.of(ErrorType.create(message))).isInstanceOf(StoreReplyException.class);
  }

  @Test
  void whatIsNoReplyIsUnavailable() {
    assertThat(RedisFailures.of(new ConnectException("Connection refused")))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(RedisFailures.of(new IllegalStateException("Redis waiting queue is full")))
        .isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void whatHasNoMessageIsNamed() {
    assertThat(RedisFailures.of(new ClosedChannelException()))
        .hasMessage("Redis cannot be reached: ClosedChannelException");
    assertThat(RedisFailures.problem(new TimeoutException())).isEqualTo("TimeoutException");
    assertThat(RedisFailures.reason(new TimeoutException())).isEqualTo("TimeoutException");
    assertThat(RedisFailures.reason(new IllegalStateException("")))
        .isEqualTo("IllegalStateException");
    assertThat(RedisFailures.reason(new ConnectException("refused"))).isEqualTo("refused");
  }

  @Test
  void whatIsSaidInTheWordsOfThePortStays() {
    StoreReplyException said = new StoreReplyException("odd", null);
    assertThat(RedisFailures.of(said)).isSameAs(said);
  }

  @Test
  void onlyALostConnectionOrRoleNeedsAnotherConnection() {
    assertThat(RedisFailures.needsNewConnection(ErrorType.create("CONNECTION_CLOSED"))).isTrue();
    assertThat(RedisFailures.needsNewConnection(ErrorType.create("READONLY no"))).isTrue();
    assertThat(RedisFailures.needsNewConnection(ErrorType.create("MOVED 1 a:1"))).isFalse();
    assertThat(RedisFailures.needsNewConnection(ErrorType.create("TRYAGAIN later"))).isFalse();
    assertThat(RedisFailures.mayHaveMoved(ErrorType.create("CONNECTION_CLOSED"))).isTrue();
    assertThat(RedisFailures.mayHaveMoved(ErrorType.create("CLUSTERDOWN so"))).isTrue();
    assertThat(RedisFailures.mayHaveMoved(ErrorType.create("BUSY so"))).isFalse();
    assertThat(RedisFailures.isScriptMissing(ErrorType.create("NOSCRIPT No matching script.")))
        .isTrue();
  }
}
