package dev.dueline.job.recurrence;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import org.jspecify.annotations.Nullable;

/**
 * The local times that a cron expression names, each field as a set of bits. As in crontab(5), a
 * day matches if the day of the month or the weekday does, unless one of the two fields begins with
 * {@code *}: then both must.
 */
record CronFields(
    long seconds,
    long minutes,
    long hours,
    long days,
    long months,
    long weekdays,
    boolean isEitherDay) {
  private static final int DAY_SECONDS = 86_400;

  /** Longer than from one 29 February to the next around a year like 2100. */
  private static final int MOST_YEARS = 9;

  /** Whether no day ever matches, such as 30 February. */
  boolean isNever() {
    return firstDay(LocalDate.of(2000, 1, 1)) == null;
  }

  /** The first time that is not before another, of whole seconds; null: never. */
  @Nullable LocalDateTime firstAt(LocalDateTime from) {
    LocalDate date = from.toLocalDate();
    int second = isDay(date) ? firstSecond(from.toLocalTime().toSecondOfDay()) : -1;
    if (second < 0) {
      LocalDate later = firstDay(date.plusDays(1));
      return later == null ? null : later.atTime(LocalTime.ofSecondOfDay(firstSecond(0)));
    }
    return date.atTime(LocalTime.ofSecondOfDay(second));
  }

  /** How many times are not before one, of whole seconds, and before another. */
  long count(LocalDateTime from, LocalDateTime to) {
    long count = 0;
    long perDay = countBefore(DAY_SECONDS);
    for (LocalDate day = from.toLocalDate(); day.isBefore(to.toLocalDate()); ) {
      count += isDay(day) ? perDay : 0;
      day = day.plusDays(1);
    }
    return count + countBefore(to) - countBefore(from);
  }

  private @Nullable LocalDate firstDay(LocalDate from) {
    LocalDate last = from.plusYears(MOST_YEARS);
    LocalDate day = from;
    while (day.isBefore(last)) {
      if (!has(months, day.getMonthValue())) {
        day = day.withDayOfMonth(1).plusMonths(1);
      } else if (isDay(day)) {
        return day;
      } else {
        day = day.plusDays(1);
      }
    }
    return null;
  }

  private boolean isDay(LocalDate date) {
    boolean isDay = has(days, date.getDayOfMonth());
    boolean isWeekday = has(weekdays, date.getDayOfWeek().getValue() % 7);
    return has(months, date.getMonthValue())
        && (isEitherDay ? isDay || isWeekday : isDay && isWeekday);
  }

  /** The first matching second of a day, from one on; -1: none is left. */
  private int firstSecond(int from) {
    int hour = from / 3600;
    int minute = from / 60 % 60;
    if (has(hours, hour)) {
      int second = has(minutes, minute) ? first(seconds, from % 60) : -1;
      if (second >= 0) {
        return from / 60 * 60 + second;
      }
      int later = first(minutes, minute + 1);
      if (later >= 0) {
        return hour * 3600 + later * 60 + first(seconds, 0);
      }
    }
    int later = first(hours, hour + 1);
    return later < 0 ? -1 : later * 3600 + first(minutes, 0) * 60 + first(seconds, 0);
  }

  private long countBefore(LocalDateTime time) {
    return isDay(time.toLocalDate()) ? countBefore(time.toLocalTime().toSecondOfDay()) : 0;
  }

  private long countBefore(int secondOfDay) {
    int hour = secondOfDay / 3600;
    int minute = secondOfDay / 60 % 60;
    long inMinute = has(minutes, minute) ? below(seconds, secondOfDay % 60) : 0;
    long inHour = has(hours, hour) ? below(minutes, minute) * below(seconds, 60) + inMinute : 0;
    return below(hours, hour) * below(minutes, 60) * below(seconds, 60) + inHour;
  }

  private static boolean has(long bits, int value) {
    return (bits >>> value & 1) == 1;
  }

  private static int first(long bits, int from) {
    long rest = bits & -1L << from;
    return rest == 0 ? -1 : Long.numberOfTrailingZeros(rest);
  }

  private static long below(long bits, int value) {
    return Long.bitCount(bits & (1L << value) - 1);
  }
}
