package dev.dueline.store;

import dev.dueline.job.Coded;

/** What a sweep finds and repairs. */
public enum Inconsistency implements Coded {
  /** A record in no index: pending again. */
  UNINDEXED(1),
  /** A record in no index that cannot be read: dead, for people to look at. */
  UNREADABLE(2),
  /** An entry of an index without a record: removed. */
  RECORDLESS(3),
  /** An id in two indexes: stays leased, or else pending. */
  DOUBLED(4),
  /** A delivery without a record: removed. */
  JOBLESS(5),
  /**
   * A score at which a job would never be due, or its lease never end: due as its record says, or
   * leased no longer than a lease that is given now.
   */
  MISTIMED(6);

  private final int code;

  Inconsistency(int code) {
    this.code = code;
  }

  @Override
  public int code() {
    return code;
  }
}
