package dev.dueline.store.redis;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.time.Duration;

/** Who must have a write before its Schedule, Cancel or Reschedule is answered. */
@ConfigMapping(prefix = "dueline.durability")
public interface DurabilityConfig {
  /** Whether the primary alone, or replicas too. */
  @WithParentName
  @WithDefault("local")
  Mode mode();

  /** How many replicas, if replicas count; 1 or more. */
  @WithDefault("1")
  int replicas();

  /** How long they are waited for; after that the answer is UNAVAILABLE. */
  @WithDefault("1s")
  Duration timeout();

  /** Who counts. */
  enum Mode {
    /** The primary alone. */
    LOCAL,
    /** The primary and replicas. */
    REPLICATED
  }
}
