package dev.dueline.store.failure;

/**
 * A queue does not have the shards that the caller thinks, or is gone: nothing was done. Whoever
 * looks the queue up again finds what it has now.
 */
public final class StaleLayoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StaleLayoutException(String message) {
    super(message, null, false, false);
  }
}
