package dev.dueline.ops.metrics;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the metrics page tells of queues. */
@ConfigMapping(prefix = "dueline.metrics")
public interface MetricsConfig {
  /** Queues with a label of their own, those that are used most; all others share {@code other}. */
  @WithDefault("100")
  int maxQueues();

  /** Names of queues that always have one, whatever others do. */
  Optional<List<String>> queues();

  /** How long after one count of all jobs the next one begins; 0: they are not counted. */
  @WithDefault("15s")
  Duration interval();
}
