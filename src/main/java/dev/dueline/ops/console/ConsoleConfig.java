package dev.dueline.ops.console;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Whether and how the console is served. */
@ConfigMapping(prefix = "dueline.console")
public interface ConsoleConfig {
  /**
   * Whether it is; empty: where the service listens on loopback only and asks nobody who they are,
   * if the port is free.
   */
  Optional<Boolean> enabled();

  /** The address to listen on. */
  @WithDefault("127.0.0.1")
  String host();

  /** The port; empty: 9091, or any free one in {@code dueline dev}. 0: any free one. */
  Optional<Integer> port();

  /**
   * Whether it speaks TLS, by {@code dueline.tls.*}; then people may show a certificate in place of
   * a token.
   */
  @WithDefault("false")
  boolean tls();

  /** Whether what jobs carry may be seen by whoever has the permission, or by nobody. */
  @WithDefault("shown")
  Payloads payloads();

  /** How long one stays signed in. */
  @WithDefault("8h")
  Duration session();

  /** Most connections; one more ends another. */
  @WithDefault("128")
  int maxConnections();

  /** What becomes of payloads. */
  enum Payloads {
    /** Whoever has the permission sees them. */
    SHOWN,
    /** Nobody sees them. */
    HIDDEN
  }
}
