package dev.dueline.ops;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How all replicas together look after queues that nobody watches. */
@ConfigMapping(prefix = "dueline.housekeeping")
public interface HousekeepingConfig {
  /**
   * Shards that are looked at in a second over all replicas, each by one short script where nothing
   * is over; 0: none.
   */
  @WithDefault("100")
  int shardsPerSecond();
}
