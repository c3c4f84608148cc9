package dev.dueline.job.recurrence;

import java.util.OptionalLong;

/**
 * Runs at a fixed distance, from due time to due time.
 *
 * @param intervalMs 1,000 to {@link Rule#MAX_MS}
 */
public record Every(long intervalMs) implements Rule {
  /** The shortest interval, ms. */
  public static final long SHORTEST_MS = 1_000;

  public Every {
    if (intervalMs < SHORTEST_MS || intervalMs > MAX_MS) {
      throw new IllegalArgumentException("not an interval: " + intervalMs);
    }
  }

  @Override
  public OptionalLong next(long dueMs, long afterMs) {
    long next = dueMs + (count(dueMs, afterMs) + 1) * intervalMs;
    return next > MAX_MS ? OptionalLong.empty() : OptionalLong.of(next);
  }

  @Override
  public OptionalLong latest(long dueMs, long toMs) {
    long count = count(dueMs, toMs);
    return count == 0 ? OptionalLong.empty() : OptionalLong.of(dueMs + count * intervalMs);
  }

  @Override
  public long count(long dueMs, long toMs) {
    return Math.max(0, (Math.min(toMs, MAX_MS) - dueMs) / intervalMs);
  }
}
