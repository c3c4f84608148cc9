package dev.dueline.job.lease;

import dev.dueline.job.Failures;
import dev.dueline.job.StoredJob;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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
  /** Bytes that a char of a string takes in UTF-8, at most. */
  private static final int MAX_UTF8_BYTES = 3;

  /** Those of each watcher, as its replica numbers it, in their order. */
  public static Map<Integer, List<Delivery>> byWatcher(List<Delivery> deliveries) {
    return deliveries.stream()
        .collect(Collectors.groupingBy(each -> each.token.lease().leaseId().watcher()));
  }

  /** Bytes that this delivery takes on the wire, about; of failures the most that they may. */
  public int size() {
    int failed = MAX_UTF8_BYTES * (failures.last().length() + failures.first().length());
    return job.payload().length + failed + 300;
  }
}
