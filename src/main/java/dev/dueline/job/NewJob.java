package dev.dueline.job;

import dev.dueline.job.recurrence.Recurrence;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A job to be stored.
 *
 * @param payload the caller's bytes; not copied, and must not change
 * @param retryPolicy null: {@link RetryPolicy#DEFAULT}, now and later
 * @param ttlMs how long after its due time the job may still be delivered for the first time; 0:
 *     for ever; of a recurring job, each run
 * @param recurrence null: it runs once
 */
public record NewJob(
    JobId id,
    Due due,
    byte[] payload,
    SortedMap<String, String> attributes,
    @Nullable RetryPolicy retryPolicy,
    long ttlMs,
    @Nullable Recurrence recurrence) {

  public NewJob {
    if (ttlMs < 0 || ttlMs > Due.MAX_MS) {
      throw new IllegalArgumentException("not a ttl: " + ttlMs);
    }
  }

  /** A job that runs once. */
  public NewJob(
      JobId id,
      Due due,
      byte[] payload,
      SortedMap<String, String> attributes,
      @Nullable RetryPolicy retryPolicy,
      long ttlMs) {
    this(id, due, payload, attributes, retryPolicy, ttlMs, null);
  }

  /** A job with nothing but what it must have. */
  public static NewJob of(JobId id, Due due, byte[] payload) {
    return new NewJob(id, due, payload, new TreeMap<>(), null, 0);
  }
}
