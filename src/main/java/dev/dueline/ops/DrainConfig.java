package dev.dueline.ops;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the service goes away. */
@ConfigMapping(prefix = "dueline.drain")
public interface DrainConfig {
  /** How long jobs that are out may still be acknowledged; keep it below the grace period. */
  @WithDefault("10s")
  Duration timeout();
}
