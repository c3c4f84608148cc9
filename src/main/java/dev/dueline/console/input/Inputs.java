package dev.dueline.console.input;

import dev.dueline.console.http.RefusedException;
import dev.dueline.job.Due;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times, lengths of time and numbers as people type them. Refused with a sentence for people. */
public final class Inputs {
  private static final Pattern UNITS =
      Pattern.compile("(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?(?:(\\d+)ms)?");

  /** Milliseconds in a unit, by the group of {@link #UNITS}. */
  private static final long[] UNIT_MS = {0, 86_400_000, 3_600_000, 60_000, 1_000, 1};

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

  /** A length of time: {@code 90s}, {@code 1h30m}, {@code 2d}, {@code PT90S}. */
  public static long spanMs(String field, String text) {
    try {
      long ms = text.startsWith("P") ? Duration.parse(text).toMillis() : units(text);
      if (ms >= 0 && ms <= Due.MAX_MS / 2) {
        return ms;
      }
    } catch (RuntimeException e) {
      throw refused(field, "is no length of time such as 90s, 1h30m or 2d");
    }
    throw refused(field, "is negative, or too long");
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

  private static long units(String text) {
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
    return ms;
  }
}
