package dev.dueline.delivery.limit;

/** A watch would have this replica watch more shards than it may. Nothing was done. */
public final class TooManyShardsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean isOfOwner;
  private final int most;

  /**
   * One more watch than fits.
   *
   * @param isOfOwner whether it is its principal that has too many, not all together
   */
  public TooManyShardsException(boolean isOfOwner, int most) {
    super("more than " + most + " shards would be watched");
    this.isOfOwner = isOfOwner;
    this.most = most;
  }

  /** Whether it is its principal that has too many, not all together. */
  public boolean isOfOwner() {
    return isOfOwner;
  }

  /** How many there may be. */
  public int most() {
    return most;
  }
}
