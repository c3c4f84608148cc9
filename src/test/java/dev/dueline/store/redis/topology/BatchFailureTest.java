package dev.dueline.store.redis.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.store.failure.StoreUnavailableException;
import io.vertx.redis.client.impl.types.ErrorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What became of commands that were sent together. */
class BatchFailureTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ERR [1] java.net.SocketException: Connection reset",
        "ERR [0] OK\nERR [1] io.vertx.core.VertxException: Connection was closed",
        "ERR [ERR [0] ] java.net.SocketException: Connection reset\0\0\0\0",
        "ERR [1] java.net.SocketException: Connection reset\nERR [2] NOSCRIPT No matching script"
      })
  void aConnectionThatEndsIsNoErrorOfRedis(String message) {
    assertThat(Node.withoutPrefix(ErrorType.create(message)))
        .isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void anErrorOfRedisIsTheLastOne() {
    String scripts = "ERR [0] OK\nERR [1] ERR user_script:12: bad argument #1 to 'unpack'";
    assertThat(Node.withoutPrefix(ErrorType.create(scripts)))
        .isInstanceOf(ErrorType.class)
        .hasMessage("ERR user_script:12: bad argument #1 to 'unpack'");
  }
}
