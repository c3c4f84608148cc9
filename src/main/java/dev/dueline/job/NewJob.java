package dev.dueline.job;

import dev.dueline.job.recurrence.Recurrence;
import java.util.Map;
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
 * @param trace null: none, or the attributes have one
 */
public record NewJob(
    JobId id,
    Due due,
    byte[] payload,
    SortedMap<String, String> attributes,
    @Nullable RetryPolicy retryPolicy,
    long ttlMs,
    @Nullable Recurrence recurrence,
    @Nullable TraceParent trace) {

  /** What an attribute holds of the heap beside its characters: an entry, two strings. */
  private static final int ATTRIBUTE_BYTES = 144;

  public NewJob {
    if (ttlMs < 0 || ttlMs > Due.MAX_MS) {
      throw new IllegalArgumentException("not a ttl: " + ttlMs);
    }
    if (trace != null && attributes.containsKey(TraceParent.ATTRIBUTE)) {
      throw new IllegalArgumentException("two traces");
    }
  }

  /** A job that runs once, of no trace. */
  public NewJob(
      JobId id,
      Due due,
      byte[] payload,
      SortedMap<String, String> attributes,
      @Nullable RetryPolicy retryPolicy,
      long ttlMs) {
    this(id, due, payload, attributes, retryPolicy, ttlMs, null, null);
  }

  /** A job with nothing but what it must have. */
  public static NewJob of(JobId id, Due due, byte[] payload) {
    return new NewJob(id, due, payload, new TreeMap<>(), null, 0);
  }

  /** About what payload and attributes hold of the heap, bytes. */
  public long contentBytes() {
    long bytes = payload.length;
    for (Map.Entry<String, String> each : attributes.entrySet()) {
      bytes += ATTRIBUTE_BYTES + each.getKey().length() + each.getValue().length();
    }
    return bytes;
  }

  /** The same, due at another time. */
  public NewJob withDue(Due other) {
    return new NewJob(id, other, payload, attributes, retryPolicy, ttlMs, recurrence, trace);
  }

  /** The same, scheduled in a trace, unless its attributes name one. */
  public NewJob in(@Nullable TraceParent other) {
    TraceParent own = attributes.containsKey(TraceParent.ATTRIBUTE) ? null : other;
    return new NewJob(id, due, payload, attributes, retryPolicy, ttlMs, recurrence, own);
  }
}
