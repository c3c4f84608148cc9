package dev.dueline.job;

import dev.dueline.job.recurrence.Series;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What Schedule wrote of a job, as it is kept.
 *
 * @param dueMs the due time that was asked for, or set by Reschedule; retries do not change it; of
 *     a recurring job, that of the run that is next, or under way
 * @param payload empty where it was not asked for
 * @param ttlMs 0: none
 * @param series null: the job runs once
 */
public record StoredJob(
    JobId id,
    long dueMs,
    long createMs,
    long ttlMs,
    @Nullable RetryPolicy retryPolicy,
    SortedMap<String, String> attributes,
    byte[] payload,
    @Nullable Series series) {

  /** A job that runs once. */
  public StoredJob(
      JobId id,
      long dueMs,
      long createMs,
      long ttlMs,
      @Nullable RetryPolicy retryPolicy,
      SortedMap<String, String> attributes,
      byte[] payload) {
    this(id, dueMs, createMs, ttlMs, retryPolicy, attributes, payload, null);
  }

  /** The policy in force. */
  public RetryPolicy effectiveRetryPolicy() {
    return retryPolicy == null ? RetryPolicy.DEFAULT : retryPolicy;
  }
}
