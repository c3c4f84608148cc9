package dev.dueline.ops.liveness;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When the service does not live any longer. */
@ConfigMapping(prefix = "dueline.liveness")
public interface LivenessConfig {
  /** For how long an event loop may not turn: a task of a loop takes milliseconds. */
  @WithDefault("10s")
  Duration timeout();
}
