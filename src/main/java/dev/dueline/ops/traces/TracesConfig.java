package dev.dueline.ops.traces;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What is told of deliveries where spans are on. */
@ConfigMapping(prefix = "dueline.traces")
public interface TracesConfig {
  /** Spans of deliveries in a second at most; a delivery beyond has none and is counted. */
  @WithDefault("1000")
  int maxDeliveriesPerSecond();
}
