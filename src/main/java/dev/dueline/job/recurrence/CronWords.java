package dev.dueline.job.recurrence;

import java.time.DayOfWeek;
import java.time.Month;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The local times of a cron expression in English, such as "at 09:00 on Mondays"; for what people
 * seldom write there are no words.
 */
final class CronWords {
  /** A longer list is harder to read than the expression. */
  private static final int MOST_LISTED = 6;

  private static final int HOURS = 24;
  private static final int MINUTES = 60;

  private final CronFields fields;
  private final List<Integer> minutes;
  private final List<Integer> hours;

  private CronWords(CronFields fields) {
    this.fields = fields;
    this.minutes = values(fields.minutes());
    this.hours = values(fields.hours());
  }

  /** The words; empty: there are none. */
  static String of(CronFields fields) {
    CronWords words = new CronWords(fields);
    String time = words.time();
    String days = words.days();
    String months = words.months();
    if (time == null || days == null || months == null) {
      return "";
    }
    boolean isDaily = days.isEmpty() && time.startsWith("at ");
    return (isDaily ? "each day " : "") + time + days + months;
  }

  private @Nullable String time() {
    if (Long.bitCount(fields.seconds()) > 1) {
      boolean isAll = Long.bitCount(fields.seconds()) == MINUTES;
      return isAll && minutes.size() == MINUTES && hours.size() == HOURS ? "each second" : null;
    }
    if (hours.size() * minutes.size() <= MOST_LISTED) {
      return "at "
          + and(
              hours.stream()
                  .flatMap(hour -> minutes.stream().map(minute -> clock(hour, minute)))
                  .toList());
    }
    String pace = minutes.size() == 1 ? null : pace(minutes, MINUTES, "minute");
    if (hours.size() == HOURS) {
      return pace == null ? minutesOfEachHour() : inMinute(pace);
    }
    if (minutes.size() == 1 && !isRange(hours)) {
      String hourly = pace(hours, HOURS, "hour");
      return hourly == null ? null : hourly + " from " + clock(hours.get(0), minutes.get(0));
    }
    return isRange(hours) && (pace != null || minutes.size() == 1)
        ? (pace == null ? "each hour" : inMinute(pace)) + span()
        : null;
  }

  private String span() {
    return " from %s to %s"
        .formatted(clock(first(hours), first(minutes)), clock(last(hours), last(minutes)));
  }

  private @Nullable String minutesOfEachHour() {
    return minutes.size() > MOST_LISTED
        ? null
        : inMinute(
            "each hour at " + and(minutes.stream().map(minute -> "minute " + minute).toList()));
  }

  /** With the second, where it is not the first. */
  private String inMinute(String text) {
    int second = Long.numberOfTrailingZeros(fields.seconds());
    return second == 0 ? text : text + ", at second " + second;
  }

  private String clock(int hour, int minute) {
    int second = Long.numberOfTrailingZeros(fields.seconds());
    String text = String.format(Locale.ROOT, "%02d:%02d", hour, minute);
    return second == 0 ? text : text + String.format(Locale.ROOT, ":%02d", second);
  }

  /** How often something is that begins with 0 and goes on evenly; null: it is not so. */
  private static @Nullable String pace(List<Integer> values, int size, String unit) {
    int step = size / values.size();
    boolean isEven =
        size % values.size() == 0
            && IntStream.range(0, values.size()).allMatch(i -> values.get(i) == i * step);
    return !isEven ? null : step == 1 ? "each " + unit : "every " + step + " " + unit + "s";
  }

  private @Nullable String days() {
    List<Integer> days = values(fields.days());
    // Monday first.
    List<Integer> weekdays =
        values(fields.weekdays() >>> 1 | (fields.weekdays() & 1) << 6).stream()
            .map(day -> day + 1)
            .toList();
    String ofMonth = days.size() == 31 ? "" : dayNumbers(days);
    String ofWeek =
        weekdays.size() == 7
            ? ""
            : weekdays.size() > 2 && isRange(weekdays)
                ? " from %s to %s".formatted(weekday(first(weekdays)), weekday(last(weekdays)))
                : " on " + and(weekdays.stream().map(day -> weekday(day) + "s").toList());
    if (ofMonth == null || !ofMonth.isEmpty() && !ofWeek.isEmpty() && !fields.isEitherDay()) {
      return null;
    }
    return ofMonth + (ofMonth.isEmpty() || ofWeek.isEmpty() ? "" : ", and") + ofWeek;
  }

  private static @Nullable String dayNumbers(List<Integer> days) {
    if (days.size() > 2 && isRange(days)) {
      return " from day %d to day %d of the month".formatted(first(days), last(days));
    }
    return days.size() > MOST_LISTED
        ? null
        : " on " + and(days.stream().map(day -> "day " + day).toList()) + " of the month";
  }

  private @Nullable String months() {
    List<Integer> months = values(fields.months());
    if (months.size() == 12) {
      return "";
    }
    if (months.size() > 2 && isRange(months)) {
      return ", from %s to %s".formatted(month(first(months)), month(last(months)));
    }
    return months.size() > MOST_LISTED
        ? null
        : ", in " + and(months.stream().map(CronWords::month).toList());
  }

  private static String weekday(int day) {
    return capitalized(DayOfWeek.of(day).name());
  }

  private static String month(int month) {
    return capitalized(Month.of(month).name());
  }

  private static String capitalized(String name) {
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }

  private static List<Integer> values(long bits) {
    return IntStream.range(0, Long.SIZE).filter(bit -> (bits >>> bit & 1) == 1).boxed().toList();
  }

  private static boolean isRange(List<Integer> values) {
    return last(values) - first(values) + 1 == values.size();
  }

  private static int first(List<Integer> values) {
    return values.get(0);
  }

  private static int last(List<Integer> values) {
    return values.get(values.size() - 1);
  }

  private static String and(List<String> texts) {
    int last = texts.size() - 1;
    return last == 0
        ? texts.get(0)
        : String.join(", ", texts.subList(0, last)) + " and " + texts.get(last);
  }
}
