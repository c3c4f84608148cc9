package dev.dueline.store.redis;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How much is kept of dead jobs; what is beyond goes, the oldest first. */
@ConfigMapping(prefix = "dueline.dead")
public interface DeadJobsConfig {
  /** Most dead jobs of one shard. */
  @WithDefault("100000")
  int maxJobs();

  /** How long a dead job is kept. */
  @WithDefault("90d")
  Duration maxAge();
}
