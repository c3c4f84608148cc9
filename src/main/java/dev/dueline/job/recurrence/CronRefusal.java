package dev.dueline.job.recurrence;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Says why an expression is refused: what is wrong with it, which dialect of cron a word is from,
 * and what to write here. The messages continue the name of the field and repeat of the expression
 * only numbers and known names.
 */
final class CronRefusal {
  private static final String FIELDS =
      "five fields (minute, hour, day of month, month, day of week), or six with seconds first";

  /** How other dialects begin or look as a whole, and what to do; the first that fits is said. */
  private static final List<Map.Entry<Pattern, String>> WHOLE =
      List.of(
          whole("", "must have " + FIELDS),
          whole(
              ".*[^\\x20-\\x7E\\t].*",
              "must be one line of ASCII, its fields separated by spaces: digits, * , - / and"
                  + " English names"),
          whole("@every.*", "has @every, a word of Go's cron: set interval in place of cron"),
          whole(
              "@reboot.*",
              "has @reboot, a word of crontab(5) for the start of a machine: have what starts"
                  + " schedule a job without recurrence"),
          whole(
              "@.*",
              "must be @yearly, @annually, @monthly, @weekly, @daily, @midnight or @hourly, if it"
                  + " begins with @"),
          whole(
              "(hour|dai|week|month|year|annual)ly|midnight",
              "has a word without its @, as in systemd: write @daily or one of its like"),
          whole(
              "(CRON_)?TZ=.*",
              "has TZ=, a word of crontab(5) and of Go's cron: name the zone in time_zone, and"
                  + " begin with the minute"),
          whole(
              "every\\b.*",
              "has every, as in App Engine's cron.yaml: set interval in place of cron, or write"
                  + " */5 * * * * for every 5 minutes"),
          whole(
              "rate ?\\(.*",
              "has rate(), a word of Amazon EventBridge: set interval in place of cron"),
          whole(
              "(cron|at) ?\\(.*",
              "has cron() or at(), words of Amazon EventBridge: write what is in the brackets"
                  + " without its year, * for ?, and weekdays by name, since they count from 0 for"
                  + " Sunday here"),
          whole(
              "R[0-9]*/.*|P([0-9]+[YMWD]|T[0-9]).*",
              "is a period of ISO 8601: set interval in place of cron"),
          whole("(RRULE:|FREQ=).*", "is a rule of iCalendar: write " + FIELDS),
          whole(
              ".*([0-9*]-[0-9*]+-[0-9*]|[0-9*]:[0-9*]).*",
              "is a date or time of day, as in systemd's OnCalendar: write " + FIELDS));

  private static final Pattern YEAR = Pattern.compile("(19|20)[0-9]{2}.*");

  private static final Pattern HASH = Pattern.compile("H(\\(.*\\))?(/.*)?");

  /** What has letters of Quartz, the names of weekdays taken out. */
  private static final Pattern QUARTZ = Pattern.compile("(?=[0-9/-]*+[LWC])[0-9LWC/-]*");

  private static final Pattern WEEKDAYS = Pattern.compile("SUN|MON|TUE|WED|THU|FRI|SAT");
  private static final Pattern TO_LAST = Pattern.compile("([1-9]|[12][0-9]|3[01])-L");

  /** What a day of week may be made of in whatever dialect, its names taken out. */
  private static final Pattern SIGNS = Pattern.compile("[0-9*,/?#~()LWCHlwch-]*");

  private static final Pattern NAMES =
      Pattern.compile(
          "(SUN|MON|TUES?|WED(NES)?|THU(RS?)?|FRI|SAT(UR)?)(DAY)?", Pattern.CASE_INSENSITIVE);

  private CronRefusal() {}

  private static Map.Entry<Pattern, String> whole(String pattern, String message) {
    return Map.entry(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE | Pattern.DOTALL), message);
  }

  static void refuseOtherDialect(String text) {
    for (Map.Entry<Pattern, String> dialect : WHOLE) {
      if (dialect.getKey().matcher(text).matches()) {
        throw new IllegalArgumentException(dialect.getValue());
      }
    }
  }

  static void refuseCount(String[] fields) {
    for (String field : fields) {
      if (field.startsWith(",") || field.endsWith(",")) {
        throw new IllegalArgumentException(
            "has a list with an empty place: write no spaces around commas, such as 1,2");
      }
    }
    String last = fields[fields.length - 1];
    if (fields.length == 6 && YEAR.matcher(last).matches()
        || fields.length == 7 && last.matches("[0-9*,/-]+")) {
      throw new IllegalArgumentException(
          "has a year as its last field, as in Quartz and Amazon EventBridge: leave it out, and set"
              + " end_time to end the series");
    }
    if (fields.length == 6 && !SIGNS.matcher(NAMES.matcher(last).replaceAll("")).matches()) {
      throw new IllegalArgumentException(
          "has a sixth word that is no field: of a line of crontab(5), with its command, write the"
              + " first five alone; of six fields, seconds first, the last is a day of week, 0 to 7"
              + " or SUN to SAT");
    }
    if (fields.length < 5 || fields.length > 6) {
      throw new IllegalArgumentException(
          "must have %s; has %d%s"
              .formatted(
                  FIELDS, fields.length, fields.length < 5 ? "" : ", and no place for a command"));
    }
  }

  static IllegalArgumentException ofItem(CronField field, String item) {
    return new IllegalArgumentException(item(field, item.toUpperCase(Locale.ROOT)));
  }

  private static String item(CronField field, String text) {
    if (text.contains("?")) {
      return "has ?, a word of Quartz for the day that another field decides: write *. Weekdays"
          + " count from 1 for Sunday in Quartz and from 0 here, so write their names";
    }
    if (text.contains("~")) {
      return "has ~, a word of OpenBSD for a value that it picks itself: write one of your own";
    }
    if (text.contains("#")) {
      return ofNth(text);
    }
    if (HASH.matcher(text).matches()) {
      return ofHash(field, text);
    }
    String letters = WEEKDAYS.matcher(text).replaceAll("");
    if (field != CronField.MONTH && QUARTZ.matcher(letters).matches()) {
      return ofQuartz(field, text, letters);
    }
    return ofValue(field, text);
  }

  private static String ofQuartz(CronField field, String text, String letters) {
    if (letters.contains("L")) {
      return ofLast(field, text);
    }
    if (letters.contains("W")) {
      return "has W, a word of Quartz for the weekday nearest to a day; no rule here means that:"
          + " write MON-FRI as day of week and * as day of month, and let the worker look at the"
          + " date";
    }
    return "has C, a word of Quartz for the first day from one on that a calendar has; no rule"
        + " here means that: write the days that it may be, and let the worker look at the"
        + " date";
  }

  private static String ofNth(String text) {
    Matcher nth = Pattern.compile(".*#([1-5])").matcher(text);
    if (text.endsWith("#L")) {
      return "has #L, in other dialects a month's last such weekday; no rule here means that: write"
          + " the weekday alone, and let the worker look whether another comes within the month";
    }
    if (!nth.matches()) {
      return "has #, a word of Quartz, without a number of 1 to 5 behind it: a month has no other"
          + " such weekday. No rule here means such a word: write the weekday alone, and let"
          + " the worker look at the day of the month";
    }
    int last = 7 * Integer.parseInt(nth.group(1));
    return "has #, a word of Quartz for a month's first, second, … such weekday; no rule here means"
        + " that: write the weekday alone, and let the worker look whether the day of the month is"
        + " %d to %d".formatted(last - 6, Math.min(31, last));
  }

  private static String ofHash(CronField field, String text) {
    Matcher step = Pattern.compile(".*/([0-9]{1,2})").matcher(text);
    Matcher range = Pattern.compile("H\\(([0-9]{1,2})-([0-9]{1,2})\\).*").matcher(text);
    int least = field.least;
    int most = field.most;
    if (range.matches()) {
      least = Math.max(least, Integer.parseInt(range.group(1)));
      most = Math.min(most, Integer.parseInt(range.group(2)));
    }
    int first = Math.max(field.least, Math.min(least + 2, most));
    String own =
        step.matches()
            ? "%d-%d/%s".formatted(first, Math.max(first, most), step.group(1))
            : "" + first;
    return "has H, a word of Jenkins for a value that it picks itself: write one of your own, such"
        + " as "
        + own;
  }

  private static String ofLast(CronField field, String text) {
    if (field == CronField.WEEKDAY) {
      return text.equals("L") || text.endsWith("-L")
          ? "has L, a word of Quartz for the last day of the week: write SAT"
          : "has L, a word of Quartz for a month's last such weekday; no rule here means that:"
              + " write the weekday alone, and let the worker look whether another comes within"
              + " the month";
    }
    Matcher range = TO_LAST.matcher(text);
    if (field == CronField.DAY && range.matches()) {
      return "has L, a word of Quartz for the last day of the month: write "
          + (range.group(1).equals("31") ? "31" : range.group(1) + "-31");
    }
    return "has L, a word of Quartz for the last day of the month; no rule here means that: write"
        + " the days that it may be, such as 28-31, and let the worker look at the date";
  }

  private static String ofValue(CronField field, String text) {
    for (String name : field.names()) {
      if (text.matches(name + "[A-Z]+(-.*)?")) {
        return "has %s in full: write its first three letters, %s".formatted(field.aLabel(), name);
      }
    }
    return "has %s that is not *, or values of %d to %d%s, or ranges of them, with a step if wanted"
        .formatted(
            field.aLabel(),
            field.least,
            field.most,
            field.names().isEmpty()
                ? ""
                : " or "
                    + field.names().get(0)
                    + " to "
                    + field.names().get(field.names().size() - 1));
  }

  /** Of a step that is 0, or so large that only the first value is left. */
  static IllegalArgumentException ofStep(CronField field, int from, int step) {
    if (step < 1) {
      return new IllegalArgumentException(
          "has a step of 0 in its %s: must be at least 1".formatted(field.label));
    }
    String interval =
        switch (field) {
          case SECOND, MINUTE, HOUR ->
              ", or set interval for every %d %ss".formatted(step, field.label);
          case DAY -> ", or set interval for every %d days".formatted(step);
          case MONTH, WEEKDAY -> "";
        };
    return new IllegalArgumentException(
        "has a step of %d in its %s, whose values end at %d, so that it would run at %d only: write %d%s"
            .formatted(step, field.label, field.most, from, from, interval));
  }

  /** Of a range that ends before it begins. */
  static IllegalArgumentException ofDescent(CronField field, int from, int to, int step) {
    int first = field.least;
    int size = field.size();
    int last = first + size - 1;
    String inOrder =
        step == 1
            ? (from > last ? "" : range(field, from, last) + ",") + range(field, first, to)
            : IntStream.iterate(from, value -> value <= to + size, value -> value + step)
                .map(value -> first + (value - first) % size)
                .mapToObj(value -> text(field, value))
                .collect(Collectors.joining(","));
    return new IllegalArgumentException(
        "has a range that descends in its %s: write %s".formatted(field.label, inOrder));
  }

  private static String range(CronField field, int from, int to) {
    return from == to ? text(field, from) : text(field, from) + "-" + text(field, to);
  }

  private static String text(CronField field, int value) {
    return field.names().isEmpty() ? "" + value : field.names().get(value - field.least);
  }
}
