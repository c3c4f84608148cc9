package dev.dueline.store.redis.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.redis.client.impl.types.ErrorType;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What nodes say about where a key is. */
final class RedirectionTest {
  @ParameterizedTest
  @CsvSource({
    "MOVED 3999 10.0.0.7:6381, true, 10.0.0.7, redis://10.0.0.7:6381",
    "ASK 3999 10.0.0.7:6381, false, 10.0.0.7, redis://10.0.0.7:6381",
    "MOVED 1 redis-2.example:6379, true, redis-2.example, redis://redis-2.example:6379",
    "MOVED 1 ::1:6381, true, ::1, redis://[::1]:6381",
    "MOVED 1 fd00::7:6381, true, fd00::7, redis://[fd00::7]:6381",
    "MOVED 1 :6381, true, '', redis://10.0.0.1:6381",
  })
  void isUnderstood(String message, boolean isLasting, String host, String uri) {
    Redirection redirection = Objects.requireNonNull(Redirection.of(ErrorType.create(message)));

    assertThat(redirection.isLasting()).isEqualTo(isLasting);
    assertThat(redirection.host()).isEqualTo(host);
    assertThat(redirection.uri("redis://10.0.0.1:7000")).isEqualTo(uri);
  }

  @Test
  void keepsWhatIsConfiguredForAHost() {
    ErrorType moved = ErrorType.create("MOVED 1 10.0.0.7:6381");
    Redirection redirection = Objects.requireNonNull(Redirection.of(moved));

    assertThat(redirection.uri("rediss://me:secret@10.0.0.1:7000"))
        .isEqualTo("rediss://me:secret@10.0.0.7:6381");
  }

  @Test
  void otherFailuresAreNone() {
    assertThat(Redirection.of(ErrorType.create("ERR MOVED 1 a:1"))).isNull();
    assertThat(Redirection.of(ErrorType.create("TRYAGAIN Multiple keys request"))).isNull();
    assertThat(Redirection.of(new IllegalStateException("MOVED 1 a:1"))).isNull();
  }
}
