package dev.dueline.ops.health;

import dev.dueline.store.redis.RedisStore;

/**
 * What is stored was written by another version, in a way that this one cannot read, or under
 * another kind of clock.
 */
final class UnknownLayoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private UnknownLayoutException(String message) {
    super(message);
  }

  /**
   * Compares what is stored with what this replica stores.
   *
   * @throws UnknownLayoutException if they differ
   */
  static void check(String found, String own) {
    if (found.equals(own)) {
      return;
    }
    if (own.equals(RedisStore.TEST_CLOCK_LAYOUT)) {
      throw new UnknownLayoutException(
          "The jobs in this Redis (layout %s) are not of a clock that tests move, which would make them due too early: give 'dueline dev' another --data-dir, or none"
              .formatted(found));
    }
    if (found.equals(RedisStore.TEST_CLOCK_LAYOUT)) {
      throw new UnknownLayoutException(
          "The jobs in this Redis (layout %s) are of a clock that tests moved, so their times are wrong here: use another Redis or data directory, or 'dueline dev --test-clock'"
              .formatted(found));
    }
    throw new UnknownLayoutException(
        "The jobs in this Redis are in layout %s, and this version of Dueline reads layout %s: run the version that wrote them"
            .formatted(found, own));
  }
}
