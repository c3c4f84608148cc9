package dev.dueline.console.input;

import dev.dueline.console.http.RefusedException;
import dev.dueline.job.Due;
import dev.dueline.text.DurationText;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Times, durations and numbers as people type them. Refused with a sentence for people. */
public final class Inputs {
  private static final int UNPROCESSABLE = 422;

  private Inputs() {}

  /** A moment: {@code 2026-11-26T21:00} in UTC, the same with an offset, or ms since the epoch. */
  public static long timeMs(String field, String text) {
    try {
      long ms =
          text.matches("[0-9]{1,15}")
              ? Long.parseLong(text)
              : text.matches(".*(Z|[+-][0-9]{2}:[0-9]{2})")
                  ? Instant.from(
                          java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text))
                      .toEpochMilli()
                  : LocalDateTime.parse(text.replace(' ', 'T'))
                      .toInstant(ZoneOffset.UTC)
                      .toEpochMilli();
      if (ms >= 0 && ms <= Due.MAX_MS) {
        return ms;
      }
    } catch (RuntimeException e) {
      throw refused(field, "is no time such as 2026-11-26T21:00, which is UTC");
    }
    throw refused(field, "is before 1970, or after the year 9999");
  }

  /** A duration: {@code 90s}, {@code 1h30m}, {@code 2d}, {@code PT90S}. */
  public static long spanMs(String field, String text) {
    try {
      long ms = DurationText.parse(text).toMillis();
      if (ms <= Due.MAX_MS / 2) {
        return ms;
      }
    } catch (RuntimeException e) {
      throw refused(field, "is no duration such as 90s, 1h30m or 2d");
    }
    throw refused(field, "is too long");
  }

  /** The same, up to a most. */
  public static long spanMs(String field, String text, long mostMs) {
    long ms = spanMs(field, text);
    if (ms > mostMs) {
      throw refused(field, "is longer than the service allows");
    }
    return ms;
  }

  /** A whole number that is not negative; empty: 0. */
  public static long number(String field, String text, long most) {
    if (text.isEmpty()) {
      return 0;
    }
    if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) > most) {
      throw refused(field, "is no whole number from 0 to " + most);
    }
    return Long.parseLong(text);
  }

  /** A number that is not negative; empty: 0. */
  public static double decimal(String field, String text) {
    if (text.isEmpty()) {
      return 0;
    }
    if (!text.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
      throw refused(field, "is no number such as 50 or 0.5");
    }
    return Double.parseDouble(text);
  }

  /** A field that is refused. */
  public static RefusedException refused(String field, String why) {
    return new RefusedException(UNPROCESSABLE, "The field '" + field + "' " + why + ".", "");
  }
}
