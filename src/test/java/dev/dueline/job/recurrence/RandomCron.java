package dev.dueline.job.recurrence;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A random expression, and what it means, known without reading it. */
record RandomCron(String text, Predicate<LocalDateTime> matches) {
  /** One field: how it is written, and the values that it has. */
  private record Field(String text, Set<Integer> values) {
    boolean has(int value) {
      return values.contains(value);
    }
  }

  static RandomCron of(SplittableRandom random, boolean withSeconds) {
    Field second = withSeconds ? field(random, 0, 59) : new Field("0", Set.of(0));
    Field minute = field(random, 0, 59);
    Field hour = field(random, 0, 23);
    Field day = random.nextInt(3) > 0 ? all(1, 31) : field(random, 1, 31);
    Field month = random.nextInt(3) > 0 ? all(1, 12) : field(random, 1, 12);
    Field weekday = random.nextInt(3) > 0 ? all(0, 6) : field(random, 0, 6);
    return of(List.of(second, minute, hour, day, month, weekday));
  }

  /** At midnight of days of which both fields of the day, or one, must match; some never fire. */
  static RandomCron ofRareDays(SplittableRandom random) {
    Field zero = new Field("0", Set.of(0));
    int step = random.nextInt(7, 32);
    int first = random.nextInt(25, 32);
    Field day =
        random.nextBoolean()
            ? new Field("*/" + step, values(1, 31, step))
            : new Field("" + first, Set.of(first));
    int some = random.nextInt(1, 13);
    Field month =
        random.nextBoolean()
            ? new Field("2", Set.of(2))
            : new Field("2," + some, new TreeSet<>(List.of(2, some)));
    int only = random.nextInt(7);
    Field weekday =
        random.nextBoolean() ? new Field("" + only, Set.of(only)) : new Field("*/7", Set.of(0));
    return of(List.of(zero, zero, zero, day, month, weekday));
  }

  /** Of six fields, seconds first; these are written where they are not 0. */
  private static RandomCron of(List<Field> fields) {
    Field second = fields.get(0);
    Field minute = fields.get(1);
    Field hour = fields.get(2);
    Field day = fields.get(3);
    Field month = fields.get(4);
    Field weekday = fields.get(5);
    String text =
        (second.text.equals("0") ? "" : second.text + " ")
            + String.join(" ", minute.text, hour.text, day.text, month.text, weekday.text);
    boolean isEither = !day.text.startsWith("*") && !weekday.text.startsWith("*");
    return new RandomCron(
        text,
        t -> {
          boolean isDay = day.has(t.getDayOfMonth());
          boolean isWeekday = weekday.has(t.getDayOfWeek().getValue() % 7);
          return second.has(t.getSecond())
              && minute.has(t.getMinute())
              && hour.has(t.getHour())
              && month.has(t.getMonthValue())
              && (isEither ? isDay || isWeekday : isDay && isWeekday);
        });
  }

  private static Field all(int least, int most) {
    return new Field("*", values(least, most, 1));
  }

  private static Field field(SplittableRandom random, int least, int most) {
    int from = random.nextInt(least, most + 1);
    int to = random.nextInt(from, most + 1);
    int step = random.nextInt(1, most / 2 + 1);
    return switch (random.nextInt(6)) {
      case 0 -> all(least, most);
      case 1 -> new Field("*/" + step, values(least, most, step));
      case 2 -> new Field(from + "-" + to + "/" + step, values(from, to, step));
      case 3 -> new Field(from + "-" + to, values(from, to, 1));
      case 4 -> new Field("" + from, Set.of(from));
      default -> {
        Set<Integer> some = new TreeSet<>(Set.of(from));
        some.add(to);
        some.add(random.nextInt(least, most + 1));
        yield new Field(some.stream().map(String::valueOf).collect(Collectors.joining(",")), some);
      }
    };
  }

  private static Set<Integer> values(int from, int to, int step) {
    return IntStream.rangeClosed(from, to)
        .filter(value -> (value - from) % step == 0)
        .boxed()
        .collect(Collectors.toSet());
  }
}
