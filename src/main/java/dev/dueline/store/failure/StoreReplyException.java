package dev.dueline.store.failure;

import org.jspecify.annotations.Nullable;

/** The store's reply was not understood: a bug, or a layout of another version. */
public final class StoreReplyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what happened, for people. */
  public StoreReplyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
