package dev.dueline.ops.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.cli.debug.ShardQuery;
import dev.dueline.cli.text.UsageException;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisAccessTest {
  @Test
  void takesTheHostsAndTheTypeOfTheService() {
    RedisOptions options = options("redis://a:1, rediss://:pw@b:2/3", "Sentinel");
    assertThat(options.getEndpoints()).containsExactly("redis://a:1", "rediss://:pw@b:2/3");
    assertThat(options.getType()).isEqualTo(RedisClientType.SENTINEL);
    assertThat(options.getMasterName()).isEqualTo("main");
    assertThat(options("redis://[::1]:1", "cluster").getType()).isEqualTo(RedisClientType.CLUSTER);
    assertThat(options("unix:///run/redis", "standalone").getType())
        .isEqualTo(RedisClientType.STANDALONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"foo", "replication", ""})
  void refusesATypeThatTheServiceDoesNotHave(String type) {
    assertThatThrownBy(() -> options("redis://a:1", type))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--redis-type: standalone, sentinel or cluster");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "secret",
        "127.0.0.1:6379",
        "http://:secret@a",
        "redis:secret",
        "redis://",
        "redis://:se cret@a",
        "redis://:secret@a:99999",
        "redis://:secret@a/b",
        "redis://a:1,redis://:secret@"
      })
  void refusesWhatIsNoUrlOfRedisWithoutShowingIt(String hosts) {
    assertThatThrownBy(() -> options(hosts, "standalone"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--redis: ")
        .hasNoCause()
        .message()
        .doesNotContain("cret");
  }

  private static RedisOptions options(String hosts, String type) {
    return RedisAccess.options(new ShardQuery.Redis(hosts, type, "main", Duration.ofSeconds(1)));
  }
}
