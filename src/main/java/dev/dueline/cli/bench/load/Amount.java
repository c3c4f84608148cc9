package dev.dueline.cli.bench.load;

import dev.dueline.text.DurationText;
import java.time.Duration;

/**
 * How much is to be done: so many, or for so long, whichever is over first.
 *
 * @param count {@link Long#MAX_VALUE} where only the time counts
 * @param duration {@link #ENDLESS} where only the count does
 */
public record Amount(long count, Duration duration) {
  /** Longer than any run. */
  public static final Duration ENDLESS = Duration.ofDays(365);

  /** So many. */
  public static Amount of(long count) {
    return new Amount(count, ENDLESS);
  }

  /** For so long. */
  public static Amount of(Duration duration) {
    return new Amount(Long.MAX_VALUE, duration);
  }

  /**
   * Reads a count or a duration: {@code 5000}, {@code 2s}.
   *
   * @throws IllegalArgumentException when it is neither; the message is for people
   */
  public static Amount parse(String text) {
    return text.matches("\\d{1,18}") ? of(Long.parseLong(text)) : of(DurationText.parse(text));
  }

  /** Whether nothing is to be done. */
  public boolean isNone() {
    return count == 0 || duration.isZero();
  }
}
