package dev.dueline.embedded;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The text of a {@code redis.conf}.
 *
 * @param password of the default user
 */
record RedisConf(Path dir, Path logFile, int port, String password) {
  private static final int PASSWORD_BYTES = 24;

  /** A password that nobody guesses, of hexadecimal digits: it stands in a URI as it is. */
  static String newPassword() {
    byte[] bytes = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Only directives that Redis 6.2, 7 and Valkey know alike. */
  String text() {
    return """
    # Written at each start of Dueline: changes are lost.
    bind 127.0.0.1
    protected-mode yes
    port %d
    requirepass %s
    daemonize no
    dir %s
    logfile %s
    appendonly yes
    appendfsync everysec
    save ""
    maxmemory-policy noeviction
    """
        .formatted(port, password, quoted(dir), quoted(logFile));
  }

  private static String quoted(Path path) {
    return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  @Override
  public String toString() {
    return "RedisConf[" + dir + ", " + port + "]";
  }
}
