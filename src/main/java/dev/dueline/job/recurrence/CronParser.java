package dev.dueline.job.recurrence;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads Unix cron expressions: five fields, or six with seconds first, or one of the names that
 * begin with {@code @}. A field is a list of {@code *}, {@code N} or {@code N-M}, each with a step
 * {@code /N} where wanted; months and weekdays have English names of three letters too, and Sunday
 * is 0 or 7. What else dialects of cron have (L, W, #, ?) is refused rather than guessed.
 */
final class CronParser {
  private static final Map<String, String> NAMED =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");

  private static final List<String> MONTHS =
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
  private static final List<String> WEEKDAYS =
      List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

  private static final Pattern ITEM =
      Pattern.compile("(\\*|([0-9]{1,2}|[A-Za-z]{3})(-([0-9]{1,2}|[A-Za-z]{3}))?)(/([0-9]{1,2}))?");

  private CronParser() {}

  /**
   * Throws {@link IllegalArgumentException}, whose message tells a person what is wrong, but does
   * not repeat the expression.
   */
  static CronFields parse(String expression) {
    String text = expression.strip();
    if (text.startsWith("@")) {
      String named = NAMED.get(text.toLowerCase(Locale.ROOT));
      if (named == null) {
        throw new IllegalArgumentException(
            "must be @yearly, @monthly, @weekly, @daily or @hourly, if it begins with @");
      }
      text = named;
    }
    String[] fields = text.split("[ \t]+", -1);
    if (fields.length < 5 || fields.length > 6) {
      throw new IllegalArgumentException("must have five fields, or six with seconds first");
    }
    int minute = fields.length - 5;
    String day = fields[minute + 2];
    String weekday = fields[minute + 4];
    long weekdays = field("day of week", weekday, 0, 7, WEEKDAYS);
    return new CronFields(
        minute == 0 ? 1 : field("second", fields[0], 0, 59, List.of()),
        field("minute", fields[minute], 0, 59, List.of()),
        field("hour", fields[minute + 1], 0, 23, List.of()),
        field("day of month", day, 1, 31, List.of()),
        field("month", fields[minute + 3], 1, 12, MONTHS),
        (weekdays | weekdays >>> 7) & 0x7F,
        !day.startsWith("*") && !weekday.startsWith("*"));
  }

  private static long field(String name, String text, int least, int most, List<String> names) {
    long bits = 0;
    for (String item : text.split(",", -1)) {
      Matcher matcher = ITEM.matcher(item);
      if (!matcher.matches()) {
        throw wrong(name, least, most);
      }
      int from = least;
      int to = most;
      if (matcher.group(2) != null) {
        from = value(matcher.group(2), least, names);
        boolean isOne = matcher.group(4) == null && matcher.group(6) == null;
        to = isOne ? from : matcher.group(4) == null ? most : value(matcher.group(4), least, names);
      }
      int step = matcher.group(6) == null ? 1 : Integer.parseInt(matcher.group(6));
      if (from < least || to > most || from > to || step < 1) {
        throw wrong(name, least, most);
      }
      for (int value = from; value <= to; value += step) {
        bits |= 1L << value;
      }
    }
    return bits;
  }

  /** Below every least value: there is no such name. */
  private static int value(String text, int least, List<String> names) {
    if (Character.isDigit(text.charAt(0))) {
      return Integer.parseInt(text);
    }
    int index = names.indexOf(text.toUpperCase(Locale.ROOT));
    return index < 0 ? -1 : index + least;
  }

  private static IllegalArgumentException wrong(String name, int least, int most) {
    return new IllegalArgumentException(
        "has a %s that is not *, or values of %d to %d, or ranges of them, with a step if wanted"
            .formatted(name, least, most));
  }
}
