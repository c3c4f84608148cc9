package dev.dueline.store.redis;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the store uses Redis; where Redis is, {@code quarkus.redis.*} says. */
@ConfigMapping(prefix = "dueline.store")
public interface RedisStoreConfig {
  /** After which a command without a reply counts as failed, and its caller is told so. */
  @WithDefault("2s")
  Duration timeout();

  /**
   * Most bytes of calls that wait for Redis or for its answers; beyond it clients are told
   * UNAVAILABLE.
   */
  @WithDefault("67108864")
  long maxWaitingBytes();
}
