package dev.dueline.store;

/** What a sweep finds and repairs, in the order in which {@code sweep.lua} counts it. */
public enum Inconsistency {
  /** A record in no index: pending again. */
  UNINDEXED,
  /** A record in no index that cannot be read: dead, for people to look at. */
  UNREADABLE,
  /** An entry of an index without a record: removed. */
  RECORDLESS,
  /** An id in two indexes: stays leased, or else pending. */
  DOUBLED,
  /** A delivery without a record: removed. */
  JOBLESS
}
