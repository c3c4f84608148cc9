package dev.dueline.grpc.connection;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What peers may use at once. Where there is no default, {@link Bounds} takes it from the heap. */
@ConfigMapping(prefix = "dueline.limits")
public interface PeerLimits {
  /** Most connections in all. */
  OptionalInt connections();

  /** Most connections of one address; half of all unless set. */
  OptionalInt connectionsPerAddress();

  /** Most calls in progress on one connection. */
  @WithDefault("1000")
  int callsPerConnection();

  /** Most calls in progress from one address; half of all unless set. */
  OptionalInt callsPerAddress();

  /** Most calls in progress in all. */
  OptionalInt calls();

  /** Most calls in progress on one connection that need no credentials. */
  @WithDefault("100")
  int anonymousCallsPerConnection();

  /** Most calls in progress from one address that need no credentials; half of all unless set. */
  OptionalInt anonymousCallsPerAddress();

  /** Most calls in progress in all that need no credentials; a quarter of all unless set. */
  OptionalInt anonymousCalls();

  /**
   * Most bytes of messages held for one connection: received in part, or not sent yet; half of all
   * unless set.
   */
  OptionalLong messageBytesPerConnection();

  /** Most bytes of messages held in all. */
  OptionalLong messageBytes();

  /** How long the message of a call may take to arrive. */
  @WithDefault("10s")
  Duration messageTimeout();

  /**
   * Frames that carry next to nothing which one connection may send at once; more at 100 a second,
   * and with each call.
   */
  @WithDefault("10000")
  int emptyFramesPerConnection();

  /** Calls that one connection may reset in ten seconds. */
  @WithDefault("20000")
  int resetsPerConnection();
}
