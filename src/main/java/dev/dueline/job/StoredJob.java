package dev.dueline.job;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What Schedule wrote of a job, as it is kept.
 *
 * @param dueMs the due time that was asked for, or set by Reschedule; retries do not change it
 * @param payload empty where it was not asked for
 * @param ttlMs 0: none
 */
public record StoredJob(
    JobId id,
    long dueMs,
    long createMs,
    long ttlMs,
    @Nullable RetryPolicy retryPolicy,
    SortedMap<String, String> attributes,
    byte[] payload) {

  /** The policy in force. */
  public RetryPolicy effectiveRetryPolicy() {
    return retryPolicy == null ? RetryPolicy.DEFAULT : retryPolicy;
  }
}
