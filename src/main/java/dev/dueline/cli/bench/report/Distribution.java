package dev.dueline.cli.bench.report;

import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** How long something took, each time, to three digits. Takes values from any thread. */
public final class Distribution {
  /** Longer times count as this one, µs. */
  private static final long LONGEST_US = 3_600_000_000L;

  private static final double US_PER_MS = 1e3;

  private final Histogram histogram = new ConcurrentHistogram(LONGEST_US, 3);

  /** Adds one, µs; a negative one counts as 0. */
  public void add(long micros) {
    histogram.recordValue(Math.max(0, Math.min(micros, LONGEST_US)));
  }

  /** How many there are. */
  public long count() {
    return histogram.getTotalCount();
  }

  /** Adds the percentiles and the largest, ms, each name after the prefix. */
  public void addTo(Figures figures, String prefix) {
    figures
        .number(prefix + "p50_ms", ms(50))
        .number(prefix + "p90_ms", ms(90))
        .number(prefix + "p99_ms", ms(99))
        .number(prefix + "p99_9_ms", ms(99.9))
        .number(prefix + "max_ms", histogram.getMaxValue() / US_PER_MS);
  }

  private double ms(double percentile) {
    return histogram.getValueAtPercentile(percentile) / US_PER_MS;
  }
}
