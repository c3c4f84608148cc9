package dev.dueline.text;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 40s}, {@code 1500ms}, {@code 3d2h}, {@code PT40S}. */
public final class DurationText {
  private static final Pattern UNITS =
      Pattern.compile("(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?(?:(\\d+)ms)?");

  /** Milliseconds in a unit, by the group of {@link #UNITS}. */
  private static final long[] UNIT_MS = {0, 86_400_000, 3_600_000, 60_000, 1_000, 1};

  private DurationText() {}

  /**
   * Reads a duration: units d, h, m, s, ms, the larger first, or ISO 8601.
   *
   * @throws IllegalArgumentException when it is neither, or negative, or too long; the message is
   *     for people
   */
  public static Duration parse(String text) {
    try {
      Duration duration = text.startsWith("P") ? Duration.parse(text) : parseUnits(text);
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (RuntimeException e) {
      throw notADuration(text, e);
    }
    throw notADuration(text, null);
  }

  private static Duration parseUnits(String text) {
    Matcher units = UNITS.matcher(text);
    if (text.isEmpty() || !units.matches()) {
      throw new IllegalArgumentException("no units");
    }
    long ms = 0;
    for (int group = 1; group < UNIT_MS.length; group++) {
      String count = units.group(group);
      if (count != null) {
        ms = Math.addExact(ms, Math.multiplyExact(Long.parseLong(count), UNIT_MS[group]));
      }
    }
    return Duration.ofMillis(ms);
  }

  private static IllegalArgumentException notADuration(
      String text, @org.jspecify.annotations.Nullable Throwable cause) {
    return new IllegalArgumentException(
        "'" + text + "' is not a duration such as 40s, 1500ms, 3d2h or PT40S", cause);
  }
}
