package dev.dueline.store.failure;

/**
 * A queue does not have the shards that the caller thinks, or is gone: nothing was done. Whoever
 * looks the queue up again finds what it has now.
 */
public final class StaleLayoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean isGone;

  /** The queue has other shards, as far as is known. */
  public StaleLayoutException(String message) {
    this(message, false);
  }

  /**
   * The same, of which more is known.
   *
   * @param isGone whether there is no such queue
   */
  public StaleLayoutException(String message, boolean isGone) {
    super(message, null, false, false);
    this.isGone = isGone;
  }

  /** Whether there is no such queue, or it is about to be deleted. */
  public boolean isGone() {
    return isGone;
  }
}
