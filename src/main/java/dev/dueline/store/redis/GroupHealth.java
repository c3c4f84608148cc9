package dev.dueline.store.redis;

import java.util.Optional;

/**
 * Whether jobs can flow through one primary.
 *
 * @param primary its host and port
 * @param failure why not; empty: they can
 */
public record GroupHealth(String primary, Optional<String> failure) {
  static GroupHealth well(String primary) {
    return new GroupHealth(primary, Optional.empty());
  }

  static GroupHealth ill(String primary, Throwable failure) {
    return new GroupHealth(primary, Optional.of(String.valueOf(failure.getMessage())));
  }
}
