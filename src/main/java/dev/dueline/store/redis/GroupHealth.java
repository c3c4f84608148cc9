package dev.dueline.store.redis;

import dev.dueline.store.redis.failure.RedisFailures;
import java.util.Optional;

/**
 * Whether jobs can flow through one primary.
 *
 * @param primary its host and port
 * @param failure why not; empty: they can
 * @param refusal why some commands were refused of late, though jobs flow; empty: none were
 */
public record GroupHealth(String primary, Optional<String> failure, Optional<String> refusal) {
  static GroupHealth healthy(String primary, Optional<String> refusal) {
    return new GroupHealth(primary, Optional.empty(), refusal);
  }

  static GroupHealth failing(String primary, Throwable failure) {
    return new GroupHealth(primary, Optional.of(RedisFailures.reason(failure)), Optional.empty());
  }
}
