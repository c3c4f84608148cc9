package dev.dueline.store.failure;

import org.jspecify.annotations.Nullable;

/**
 * The store refuses this service by its own configuration: a password, a permission, a limit.
 * Whoever runs the store can change that, and then calls go on. What was asked may have been done
 * in part.
 */
public final class StoreRefusesException extends StoreUnavailableException {
  private static final long serialVersionUID = 1L;

  /** With what the store says and what to do, for people. */
  public StoreRefusesException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
