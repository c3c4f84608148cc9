package dev.dueline.ops.management;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long a client of the management port may take, in all. */
@ConfigMapping(prefix = "dueline.management")
public interface ManagementTimeouts {
  /** From connecting to the last byte of the first request. */
  @WithDefault("10s")
  Duration requestTimeout();

  /** From the last byte of a request until its answer is taken; scrapes give up before. */
  @WithDefault("30s")
  Duration answerTimeout();
}
