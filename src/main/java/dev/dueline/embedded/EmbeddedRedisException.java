package dev.dueline.embedded;

import org.jspecify.annotations.Nullable;

/** The embedded Redis cannot run. The message tells an operator what is wrong and what to set. */
public final class EmbeddedRedisException extends RuntimeException {
  private static final long serialVersionUID = 1;

  EmbeddedRedisException(String message) {
    this(message, null);
  }

  EmbeddedRedisException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
