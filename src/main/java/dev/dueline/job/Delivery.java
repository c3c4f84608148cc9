package dev.dueline.job;

/**
 * A job that was leased, on its way to a watcher.
 *
 * @param dueMs when this delivery fell due
 * @param dispatchMs when Redis leased it; less dueMs, it is the lateness
 * @param leaseExpiryMs when the lease ends unless it is extended
 * @param attempt 1 for the first delivery
 * @param lastFailure the reason that was told last; empty: none was
 */
public record Delivery(
    LeaseToken token,
    StoredJob job,
    long dueMs,
    long dispatchMs,
    long leaseExpiryMs,
    int attempt,
    String lastFailure) {

  /** Bytes that this delivery takes on the wire, about. */
  public int size() {
    return job.payload().length + lastFailure.length() + 300;
  }
}
