package dev.dueline.cli.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FiguresTest {
  private final Figures figures =
      new Figures()
          .text("command", "a\"b\\c\n")
          .count("jobs", 1_000_000)
          .number("seconds", 2.00049)
          .number("rate", 1e7)
          .number("none", 0.0 / 0.0);

  @Test
  void jsonIsOneObjectInOrder() {
    assertThat(figures.json())
        .isEqualTo(
            "{\"command\":\"a\\\"b\\\\c\\u000a\",\"jobs\":1000000,\"seconds\":2,"
                + "\"rate\":10000000,\"none\":0}");
  }

  @Test
  void printsALineAFigure() {
    assertThat(figures.lines())
        .containsExactly(
            "command\ta\"b\\c ", "jobs\t1000000", "seconds\t2", "rate\t10000000", "none\t0");
  }

  @Test
  void percentilesAreInMilliseconds() {
    Distribution times = new Distribution();
    LongStream.rangeClosed(1, 1_000).forEach(times::add);
    times.add(-5);
    Figures percentiles = new Figures();
    times.addTo(percentiles, "x_");
    assertThat(percentiles.json())
        .isEqualTo(
            "{\"x_p50_ms\":0.5,\"x_p90_ms\":0.9,\"x_p99_ms\":0.99,\"x_p99_9_ms\":0.999,"
                + "\"x_max_ms\":1}");
    assertThat(times.count()).isEqualTo(1_001);
  }
}
