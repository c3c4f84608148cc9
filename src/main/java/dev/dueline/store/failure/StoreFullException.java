package dev.dueline.store.failure;

import org.jspecify.annotations.Nullable;

/** The store has no room: nothing of what was asked was done. */
public final class StoreFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what happened, for people. */
  public StoreFullException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
