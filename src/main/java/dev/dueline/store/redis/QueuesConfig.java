package dev.dueline.store.redis;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How a queue is created, which does not change one that exists; and when it is deleted. */
@ConfigMapping(prefix = "dueline.queues")
public interface QueuesConfig {
  /** How many shards a queue gets; 1 to 1,024. */
  @WithDefault("1")
  int shards();

  /**
   * Other numbers for queues by name: {@code orders-*=8,mail=2}. The first that fits holds; {@code
   * *} stands for any text.
   */
  Optional<List<String>> shardsByName();

  /** After which a queue that nobody uses is deleted, a minute or more; 0: none is. */
  @WithDefault("0s")
  Duration idleTtl();
}
