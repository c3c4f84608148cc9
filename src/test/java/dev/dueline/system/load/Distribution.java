package dev.dueline.system.load;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Measured times, µs. */
final class Distribution {
  private final ConcurrentLinkedQueue<Long> values = new ConcurrentLinkedQueue<>();

  void add(long us) {
    values.add(us);
  }

  int size() {
    return values.size();
  }

  double ms(double quantile) {
    long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
    return sorted[(int) Math.ceil(quantile * (sorted.length - 1))] / 1_000.0;
  }

  @Override
  public String toString() {
    long[] sorted = values.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return String.format(
        Locale.ROOT,
        "n=%d min=%.2f p50=%.2f p90=%.2f p99=%.2f p99.9=%.2f max=%.2f ms",
        sorted.length,
        ms(0),
        ms(0.5),
        ms(0.9),
        ms(0.99),
        ms(0.999),
        ms(1));
  }
}
