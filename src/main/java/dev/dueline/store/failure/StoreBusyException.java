package dev.dueline.store.failure;

/** Too many calls wait for the store. Nothing was done; after a moment it may be. */
public final class StoreBusyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what is full, for people. */
  public StoreBusyException(String message) {
    super(message);
  }
}
