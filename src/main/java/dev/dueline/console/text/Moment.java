package dev.dueline.console.text;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A time as a page shows it.
 *
 * @param ms since the epoch
 * @param iso for the attribute {@code datetime}
 * @param text the time in UTC, for people
 * @param relative to when the page was made: "in 3 min", "2 h ago"
 */
public record Moment(long ms, String iso, String text, String relative) {
  private static final DateTimeFormatter TEXT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** A time beside the time of the page, both ms since the epoch. */
  public static Moment of(long ms, long nowMs) {
    Instant instant = Instant.ofEpochMilli(ms);
    return new Moment(ms, instant.toString(), TEXT.format(instant), relative(ms - nowMs));
  }

  private static String relative(long ms) {
    if (Math.abs(ms) < 1_000) {
      return "now";
    }
    String span = Spans.text(Math.abs(ms));
    return ms > 0 ? "in " + span : span + " ago";
  }
}
