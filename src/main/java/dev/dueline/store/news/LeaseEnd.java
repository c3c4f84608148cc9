package dev.dueline.store.news;

/** How a lease ended. */
public enum LeaseEnd {
  /** Its holder said so: the job is done, or given back. */
  SETTLED,

  /** It ran out. */
  EXPIRED,

  /** The job was canceled in spite of it. */
  CANCELED,

  /** It is over, and who asks is too late to learn how. */
  UNKNOWN
}
