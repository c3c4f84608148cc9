package dev.dueline.job.recurrence;

import java.util.List;
import java.util.Locale;

/** A field of a cron expression: its name, the values that it may have and their names. */
enum CronField {
  SECOND("second", 0, 59, ""),
  MINUTE("minute", 0, 59, ""),
  HOUR("hour", 0, 23, ""),
  DAY("day of month", 1, 31, ""),
  MONTH("month", 1, 12, "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"),
  /** 0 and 7 are both Sunday. */
  WEEKDAY("day of week", 0, 7, "SUN MON TUE WED THU FRI SAT");

  final String label;
  final int least;
  final int most;

  /** English names of three letters, in order, the first for the least value; or empty. */
  private final String names;

  CronField(String label, int least, int most, String names) {
    this.label = label;
    this.least = least;
    this.most = most;
    this.names = names;
  }

  /** The value of a number or name, within the field's or not; -1: there is no such value. */
  int value(String text) {
    if (Character.isDigit(text.charAt(0))) {
      return text.length() > 4 ? -1 : Integer.parseInt(text);
    }
    int index = names().indexOf(text.toUpperCase(Locale.ROOT));
    return index < 0 ? -1 : index + least;
  }

  /** The names of the values, or none. */
  List<String> names() {
    return names.isEmpty() ? List.of() : List.of(names.split(" "));
  }

  /** The label with its article. */
  String aLabel() {
    return (this == HOUR ? "an " : "a ") + label;
  }

  /** The largest step. Larger ones leave only the first value. */
  int largestStep() {
    // So does one of 31 days or 7 weekdays, which says what nothing else can: a field that begins
    // with * must match together with the other, such as the first of a month that is a Monday.
    return this == MONTH ? size() - 1 : most;
  }

  /** How many values there are, each counted once. */
  int size() {
    return this == WEEKDAY ? 7 : most - least + 1;
  }
}
