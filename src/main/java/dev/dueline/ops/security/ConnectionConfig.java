package dev.dueline.ops.security;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * What holds for each connection and address, and for principals that have no limits of their own.
 */
@ConfigMapping(prefix = "dueline.limits")
public interface ConnectionConfig {
  /** After which a connection takes no new calls, give or take a tenth; 0: never. */
  @WithDefault("30m")
  Duration connectionAge();

  /** After which what is still under way on an aged connection is cut. */
  @WithDefault("15m")
  Duration connectionAgeGrace();

  /**
   * Calls with missing or wrong credentials from one address, in a minute, beyond which each such
   * call ends its connection; requests of the console count with them.
   */
  @WithDefault("100")
  int failedAuthenticationsPerAddress();

  /** Most watchers of one principal at one replica; 0: no limit. */
  @WithDefault("0")
  int watchersPerPrincipal();

  /** Most shards of queues that watchers have one replica listen to; from the heap unless set. */
  OptionalInt watchedShards();

  /** Most of them for one principal; half of all unless set. */
  OptionalInt watchedShardsPerPrincipal();

  /** Most calls a second of one principal at one replica; 0: no limit. */
  @WithDefault("0")
  int callsPerSecondPerPrincipal();
}
