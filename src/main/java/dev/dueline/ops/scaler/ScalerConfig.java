package dev.dueline.ops.scaler;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Whether KEDA may ask how much there is to do. */
@ConfigMapping(prefix = "dueline.keda")
public interface ScalerConfig {
  /** Whether the calls of KEDA's external scaler are there, on the port of gRPC. */
  @WithDefault("false")
  boolean enabled();
}
