package dev.dueline.ops.dev;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code dueline dev} asks of the service that it starts: one for development and tests.
 *
 * <p>That command alone enters this mode, before the service is wired. Nothing else does, and no
 * configuration can: {@link #current} reads a field of this class.
 *
 * @param testClock whether a test may move the clock of the service
 * @param autoAdvance whether the clock moves by itself to the next event when nothing is under way;
 *     only with a test clock
 * @param dataDir where the jobs are kept, and stay; empty: in a temporary directory
 */
public record DevMode(boolean testClock, boolean autoAdvance, Optional<Path> dataDir) {
  private static volatile @Nullable DevMode current;

  public DevMode {
    if (autoAdvance && !testClock) {
      throw new IllegalArgumentException("autoAdvance without testClock");
    }
  }

  /** The mode of this process; empty in an ordinary service. Never changes once it is wired. */
  public static Optional<DevMode> current() {
    return Optional.ofNullable(current);
  }

  /** Whether this process runs in this mode, with a clock that a test may move. */
  public static boolean hasTestClock() {
    return current().map(DevMode::testClock).orElse(false);
  }

  /**
   * Says that the configuration has something that only a service has on which others rely.
   *
   * @param setting what it has
   * @throws DevModeException if this process runs in this mode
   */
  public static void refuse(String setting) {
    if (current != null) {
      throw new DevModeException(
          "'dueline dev' is for development and tests, and does not run with "
              + setting
              + ": take that out of the configuration (environment, -D, application.properties), or"
              + " start the service with 'dueline serve'");
    }
  }

  /** Puts this process into this mode, for good. */
  void enter() {
    current = this;
  }
}
