package dev.dueline.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a service is, and how to talk to it.
 *
 * @param servers where its replicas listen, at least one; a name may stand for several
 * @param isSpread calls go to all replicas in turn; else to the first that can be reached
 * @param timeout for each call that has one answer, with all its attempts
 * @param attemptTimeout for one attempt of a call that is repeated
 * @param tls empty: plain text
 * @param token bearer token of each call; empty: none
 */
public record ConnectionSettings(
    List<ServerAddress> servers,
    boolean isSpread,
    Duration timeout,
    Duration attemptTimeout,
    Optional<Tls> tls,
    String token) {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(3);

  /**
   * Checks the token and that there is a server.
   *
   * @throws IllegalArgumentException when the token cannot stand in a header, or there is none; the
   *     message is for people
   */
  public ConnectionSettings {
    servers = List.copyOf(servers);
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("no server is named");
    }
    if (!token.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
      throw new IllegalArgumentException("the token has characters that no token has");
    }
  }

  /** One server, whose calls have one attempt. */
  public ConnectionSettings(
      ServerAddress server, Duration timeout, Optional<Tls> tls, String token) {
    this(List.of(server), false, timeout, timeout, tls, token);
  }

  /**
   * The replicas of a service in plain text: calls go to all of them in turn, have 10 s in all and
   * 3 s an attempt.
   *
   * @param targets {@code host:port} or {@code dns:///name:port} each
   * @throws IllegalArgumentException when one is neither; the message is for people
   */
  public static ConnectionSettings to(String... targets) {
    return new ConnectionSettings(
        Stream.of(targets).map(ServerAddress::parse).toList(),
        true,
        TIMEOUT,
        ATTEMPT_TIMEOUT,
        Optional.empty(),
        "");
  }

  /** A service that takes calls in plain text from anybody. */
  public static ConnectionSettings plaintext(ServerAddress server, Duration timeout) {
    return new ConnectionSettings(server, timeout, Optional.empty(), "");
  }

  /** These settings with other times for calls, and for their attempts. */
  public ConnectionSettings withTimeouts(Duration call, Duration attempt) {
    return new ConnectionSettings(servers, isSpread, call, attempt, tls, token);
  }

  /** These settings over TLS. */
  public ConnectionSettings withTls(Tls security) {
    return new ConnectionSettings(
        servers, isSpread, timeout, attemptTimeout, Optional.of(security), token);
  }

  /** These settings with a token, which is no other than a name and a proof of it. */
  public ConnectionSettings withToken(String bearer) {
    return new ConnectionSettings(servers, isSpread, timeout, attemptTimeout, tls, bearer);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "ConnectionSettings[servers=%s, timeout=%s, tls=%s]".formatted(servers, timeout, tls);
  }
}
