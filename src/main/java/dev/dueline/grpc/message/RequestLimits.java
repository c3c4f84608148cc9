package dev.dueline.grpc.message;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How large requests may be. What the contract fixes for every server is not among them. */
@ConfigMapping(prefix = "dueline.limits")
public interface RequestLimits {
  /**
   * Most bytes of one job's payload. gRPC takes 4 MiB of request at most, unless told otherwise.
   */
  @WithDefault("262144")
  int maxPayloadBytes();

  /** Most attributes of one job. */
  @WithDefault("64")
  int maxAttributes();

  /** Most bytes of one job's attributes, names and values, in UTF-8. */
  @WithDefault("8192")
  int maxAttributesBytes();

  /** Most items of one batch; 1 to 1,000, so it can only be lowered. */
  @WithDefault("1000")
  int maxBatch();

  /** Longest delay, ttl and backoff. */
  @WithDefault("36500d")
  Duration maxDelay();

  /** Most queues of one watcher or pull. */
  @WithDefault("64")
  int maxQueues();

  /** Most jobs that a watcher may ask to have unacknowledged at once. */
  @WithDefault("10000")
  int maxOutstanding();

  /** Longest lease that can be asked for. */
  @WithDefault("12h")
  Duration maxLease();

  /** Longest time that a pull may wait for its first job. */
  @WithDefault("60s")
  Duration maxWait();
}
