package dev.dueline.ops.health;

import dev.dueline.store.redis.RedisStore;

/** What is stored was written by another version, in a way that this one cannot read. */
final class UnknownLayoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private UnknownLayoutException(String message) {
    super(message);
  }

  static void check(String layout) {
    if (!layout.equals(RedisStore.LAYOUT)) {
      throw new UnknownLayoutException(
          "The jobs in this Redis are in layout %s, and this version of Dueline reads layout %s: run the version that wrote them"
              .formatted(layout, RedisStore.LAYOUT));
    }
  }
}
