package dev.dueline.job;

import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A job to be stored.
 *
 * @param payload the caller's bytes; not copied, and must not change
 * @param retryPolicy null: {@link RetryPolicy#DEFAULT}, now and later
 * @param ttlMs how long after its due time the job may still be delivered for the first time; 0:
 *     for ever
 */
public record NewJob(
    JobId id,
    Due due,
    byte[] payload,
    SortedMap<String, String> attributes,
    @Nullable RetryPolicy retryPolicy,
    long ttlMs) {

  public NewJob {
    if (ttlMs < 0 || ttlMs > Due.MAX_MS) {
      throw new IllegalArgumentException("not a ttl: " + ttlMs);
    }
  }

  /** A job with nothing but what it must have. */
  public static NewJob of(JobId id, Due due, byte[] payload) {
    return new NewJob(id, due, payload, new TreeMap<>(), null, 0);
  }
}
