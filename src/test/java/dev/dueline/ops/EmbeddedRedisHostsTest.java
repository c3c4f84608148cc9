package dev.dueline.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@QuarkusTest
class EmbeddedRedisHostsTest {
  @Inject ReactiveRedisDataSource redis;
  @Inject EmbeddedRedisConfig config;

  @Test
  void servesTheClientThatHasNoHosts() {
    assertThat(redis.execute("PING").await().atMost(Duration.ofMinutes(1)).toString())
        .isEqualTo("PONG");
    assertThat(config.dataDir()).isEqualTo(Path.of("target/test-redis"));
    assertThat(config.dataDir().resolve("state")).exists();
  }
}
