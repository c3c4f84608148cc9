package dev.dueline.job;

/**
 * A job that was leased, on its way to a watcher.
 *
 * @param dueMs when this delivery fell due
 * @param dispatchMs when Redis leased it; less dueMs, it is the lateness
 * @param leaseExpiryMs when the lease ends unless it is extended
 * @param attempt 1 for the first delivery
 * @param failures of deliveries before this one
 */
public record Delivery(
    LeaseToken token,
    StoredJob job,
    long dueMs,
    long dispatchMs,
    long leaseExpiryMs,
    int attempt,
    Failures failures) {

  /** Bytes that this delivery takes on the wire, about. */
  public int size() {
    int texts = failures.last().length() + failures.first().length();
    return job.payload().length + texts + 300;
  }
}
