package dev.dueline.console.live;

/**
 * What a queue did in the last hour, a point each {@link #STEP_MS}; about 9 KB. One thread at a
 * time.
 */
final class Series {
  /** Between two points. */
  static final long STEP_MS = 20_000;

  /** An hour of points. */
  static final int POINTS = 180;

  private final long[] times = new long[POINTS];
  private final int[][] values = new int[POINTS][];
  private int count;
  private long dispatched;
  private long acked;

  /**
   * A point.
   *
   * @param delivered since the point before; -1: there is none, or it is too long ago
   * @param acked in the same way
   */
  record Point(long atMs, int delivered, int acked, int pending, int due, int dead) {}

  /** Adds a point, if the last one is long enough ago. */
  void add(long atMs, long dispatchedEver, long ackedEver, long[] held) {
    long lastMs = count == 0 ? Long.MIN_VALUE / 2 : times[(count - 1) % POINTS];
    if (atMs - lastMs < STEP_MS) {
      return;
    }
    boolean follows = atMs - lastMs < 3 * STEP_MS;
    times[count % POINTS] = atMs;
    values[count % POINTS] =
        new int[] {
          follows ? number(dispatchedEver - dispatched) : -1,
          follows ? number(ackedEver - acked) : -1,
          number(held[0]),
          number(held[1]),
          number(held[2])
        };
    dispatched = dispatchedEver;
    acked = ackedEver;
    count++;
  }

  /** Points from the oldest on. */
  java.util.List<Point> points(long nowMs) {
    java.util.List<Point> points = new java.util.ArrayList<>();
    for (int i = Math.max(0, count - POINTS); i < count; i++) {
      long atMs = times[i % POINTS];
      int[] each = values[i % POINTS];
      if (nowMs - atMs <= POINTS * STEP_MS) {
        points.add(new Point(atMs, each[0], each[1], each[2], each[3], each[4]));
      }
    }
    return points;
  }

  private static int number(long value) {
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE, value));
  }
}
