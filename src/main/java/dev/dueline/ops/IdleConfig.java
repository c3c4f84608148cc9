package dev.dueline.ops;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What queues may cost where nothing happens. */
@ConfigMapping(prefix = "dueline.idle")
public interface IdleConfig {
  /**
   * Calls of Redis a second that a replica makes for all idle queues that are watched at it, at
   * least 5: four fifths look for jobs whose announcement was lost, the rest tells other replicas
   * how many watch.
   */
  @WithDefault("100")
  int callsPerSecond();
}
