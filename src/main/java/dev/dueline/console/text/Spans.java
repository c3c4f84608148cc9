package dev.dueline.console.text;

/** Lengths of time, for people. */
public final class Spans {
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private Spans() {}

  /** Two units at most: "850 ms", "12 s", "3 min 20 s", "2 h 5 min", "40 d". */
  public static String text(long ms) {
    if (ms < SECOND) {
      return ms + " ms";
    }
    if (ms < MINUTE) {
      return ms / SECOND + " s";
    }
    if (ms < HOUR) {
      return two(ms, MINUTE, "min", SECOND, "s");
    }
    if (ms < DAY) {
      return two(ms, HOUR, "h", MINUTE, "min");
    }
    return ms < 10 * DAY ? two(ms, DAY, "d", HOUR, "h") : ms / DAY + " d";
  }

  private static String two(long ms, long unit, String name, long lesser, String lesserName) {
    long rest = ms % unit / lesser;
    return ms / unit + " " + name + (rest == 0 ? "" : " " + rest + " " + lesserName);
  }
}
