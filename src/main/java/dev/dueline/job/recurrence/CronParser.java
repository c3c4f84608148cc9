package dev.dueline.job.recurrence;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads Unix cron expressions: five fields, or six with seconds first, or one of the names that
 * begin with {@code @}. A field is a list of {@code *}, {@code N} or {@code N-M}, each with a step
 * {@code /N} where wanted; months and weekdays have English names of three letters too, and Sunday
 * is 0 or 7. What other dialects of cron have is refused rather than guessed, see {@link
 * CronRefusal}.
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

  private static final Pattern ITEM =
      Pattern.compile("(?:\\*|(?<from>\\w+)(?:-(?<to>\\w+))?)(?:/(?<step>[0-9]{1,9}))?");

  private static final Pattern VALUE = Pattern.compile("[0-9]+|[A-Za-z]{3}");

  /** Whether a step may be larger than its field, as records of earlier versions have it. */
  private final boolean isAnyStep;

  private CronParser(boolean isAnyStep) {
    this.isAnyStep = isAnyStep;
  }

  /** Throws {@link IllegalArgumentException} with the message of {@link CronRefusal}. */
  static CronFields parse(String expression) {
    return new CronParser(false).read(expression);
  }

  /** Reads also what was taken once, and is refused today: a step that is larger than its field. */
  static CronFields parseStored(String expression) {
    return new CronParser(true).read(expression);
  }

  private CronFields read(String expression) {
    String text = expression.strip();
    text = NAMED.getOrDefault(text.toLowerCase(Locale.ROOT), text);
    CronRefusal.refuseOtherDialect(text);
    String[] fields = text.split("[ \t]+", -1);
    CronRefusal.refuseCount(fields);
    int minute = fields.length - 5;
    long seconds = minute == 0 ? 1 : bits(CronField.SECOND, fields[0]);
    long minutes = bits(CronField.MINUTE, fields[minute]);
    long hours = bits(CronField.HOUR, fields[minute + 1]);
    long days = bits(CronField.DAY, fields[minute + 2]);
    long months = bits(CronField.MONTH, fields[minute + 3]);
    long weekdays = bits(CronField.WEEKDAY, fields[minute + 4]);
    return new CronFields(
        seconds,
        minutes,
        hours,
        days,
        months,
        (weekdays | weekdays >>> 7) & 0x7F,
        !fields[minute + 2].startsWith("*") && !fields[minute + 4].startsWith("*"));
  }

  private long bits(CronField field, String text) {
    long bits = 0;
    for (String item : text.split(",", -1)) {
      bits |= itemBits(field, item);
    }
    return bits;
  }

  private long itemBits(CronField field, String item) {
    Matcher matcher = ITEM.matcher(item);
    if (!matcher.matches()) {
      throw CronRefusal.ofItem(field, item);
    }
    String first = matcher.group("from");
    String last = matcher.group("to");
    String stepText = matcher.group("step");
    int from = first == null ? field.least : value(field, first, item);
    int to = last == null ? field.most : value(field, last, item);
    if (first != null && last == null && stepText == null) {
      to = from;
    }
    int step = stepText == null ? 1 : Integer.parseInt(stepText);
    if (step < 1 || step > field.largestStep() && !isAnyStep) {
      throw CronRefusal.ofStep(field, from, step);
    }
    if (from > to) {
      throw CronRefusal.ofDescent(field, from, to, step);
    }
    long bits = 0;
    for (int value = from; value <= to; value += step) {
      bits |= 1L << value;
    }
    return bits;
  }

  private static int value(CronField field, String text, String item) {
    int value = VALUE.matcher(text).matches() ? field.value(text) : -1;
    if (value < field.least || value > field.most) {
      throw CronRefusal.ofItem(field, item);
    }
    return value;
  }
}
