package dev.dueline.store.failure;

import org.jspecify.annotations.Nullable;

/** The store cannot be reached or cannot answer now. What was asked may have been done or not. */
public class StoreUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what happened, for people. */
  public StoreUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
