package dev.dueline.store.redis;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How requests are known that come twice. */
@ConfigMapping(prefix = "dueline.requests")
public interface RequestsConfig {
  /** For how long a request that was carried out is known by its request_id; 1 s to 1 day. */
  @WithDefault("10m")
  Duration window();
}
