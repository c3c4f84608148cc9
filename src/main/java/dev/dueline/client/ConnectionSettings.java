package dev.dueline.client;

import java.time.Duration;
import java.util.Optional;

/**
 * Where a service is, and how to talk to it.
 *
 * @param server where it listens
 * @param timeout deadline of each call that has one answer
 * @param tls empty: plain text
 * @param token bearer token of each call; empty: none
 */
public record ConnectionSettings(
    ServerAddress server, Duration timeout, Optional<Tls> tls, String token) {
  /**
   * Checks the token.
   *
   * @throws IllegalArgumentException when it cannot stand in a header; the message is for people
   */
  public ConnectionSettings {
    if (!token.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
      throw new IllegalArgumentException("the token has characters that no token has");
    }
  }

  /** A service that takes calls in plain text from anybody. */
  public static ConnectionSettings plaintext(ServerAddress server, Duration timeout) {
    return new ConnectionSettings(server, timeout, Optional.empty(), "");
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "ConnectionSettings[server=%s, timeout=%s, tls=%s]".formatted(server, timeout, tls);
  }
}
