package dev.dueline.ops;

import io.quarkus.arc.Unremovable;
import io.quarkus.redis.client.RedisOptionsCustomizer;
import io.vertx.redis.client.RedisOptions;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * What {@code quarkus.redis.*} says, TLS and all. Quarkus makes a client of it at start-up, which
 * connects to nothing as long as nobody uses it, and hands us the options on the way.
 */
@Singleton
@Unremovable
final class ConfiguredRedis implements RedisOptionsCustomizer {
  private volatile @Nullable RedisOptions options;

  @Override
  public void customize(String clientName, RedisOptions customized) {
    options = new RedisOptions(customized);
  }

  /** The options of the one client there is. */
  RedisOptions options() {
    RedisOptions known = options;
    if (known == null) {
      throw new IllegalStateException("Quarkus has configured no Redis client");
    }
    return known;
  }
}
