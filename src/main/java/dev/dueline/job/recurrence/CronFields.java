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

  /** After so many years the calendar repeats, weekdays and leap years alike. */
  private static final int CYCLE_YEARS = 400;

  /** Times the bits of a week: those of five weeks. */
  private static final long WEEKS = 1L | 1L << 7 | 1L << 14 | 1L << 21 | 1L << 28;

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
    LocalDate first = from.toLocalDate();
    LocalDate end = to.toLocalDate();
    long count = 0;
    for (LocalDate month = first.withDayOfMonth(1); month.isBefore(end); ) {
      LocalDate next = month.plusMonths(1);
      long days = daysOf(month);
      days &= month.isBefore(first) ? -1L << first.getDayOfMonth() : -1L;
      days &= next.isAfter(end) ? (1L << end.getDayOfMonth()) - 1 : -1L;
      count += Long.bitCount(days);
      month = next;
    }
    return count * countBefore(DAY_SECONDS) + countBefore(to) - countBefore(from);
  }

  /** Month by month of those that the rule names, for as long as the calendar has news. */
  private @Nullable LocalDate firstDay(LocalDate from) {
    LocalDate last = from.plusYears(CYCLE_YEARS);
    long days = daysOf(from) & -1L << from.getDayOfMonth();
    LocalDate month = from.withDayOfMonth(1);
    while (days == 0) {
      int later = first(months, month.getMonthValue() + 1);
      month = later > 0 ? month.withMonth(later) : month.plusYears(1).withMonth(first(months, 0));
      if (month.isAfter(last)) {
        return null;
      }
      days = daysOf(month);
    }
    return month.withDayOfMonth(first(days, 0));
  }

  private boolean isDay(LocalDate date) {
    return has(daysOf(date), date.getDayOfMonth());
  }

  /** The days that match in the month of a date, each as the bit of its number. */
  private long daysOf(LocalDate date) {
    if (!has(months, date.getMonthValue())) {
      return 0;
    }
    int weekdayOfFirst = date.withDayOfMonth(1).getDayOfWeek().getValue() % 7;
    long week = (weekdays >>> weekdayOfFirst | weekdays << 7 - weekdayOfFirst) & 0x7F;
    long byWeekday = week * WEEKS << 1;
    long ofMonth = (1L << date.lengthOfMonth() + 1) - 2;
    return ofMonth & (isEitherDay ? days | byWeekday : days & byWeekday);
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
