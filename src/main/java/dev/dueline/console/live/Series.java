package dev.dueline.console.live;

import dev.dueline.console.live.ReplicaFacts.Lateness;
import org.jspecify.annotations.Nullable;

/**
 * What a queue did in the last hour, a point each {@link #STEP_MS}; about 11 KB. One thread at a
 * time.
 */
final class Series {
  /** Between two points. */
  static final long STEP_MS = 20_000;

  /** An hour of points. */
  static final int POINTS = 180;

  /**
   * For how long it is said of a queue that its jobs die; also the longest pause between two looks
   * whose deaths are told.
   */
  private static final long LATELY_MS = 5 * 60_000;

  private static final int DIED = 5;

  /** Stands for lateness beyond what is measured, which ends at an hour. */
  private static final long HOURS_MS = 2 * 3_600_000L;

  private final long[] times = new long[POINTS];
  private final int[][] values = new int[POINTS][];
  private int count;
  private long dispatched;
  private long acked;
  private long died;

  /**
   * A point.
   *
   * @param delivered since the point before; -1: there is none, or it is too long ago
   * @param acked in the same way
   * @param halfMs within which half of the jobs came that went out in the minutes before, at this
   *     replica; -1: there were none
   * @param mostMs within which 99 % of them came, in the same way
   */
  record Point(
      long atMs, int delivered, int acked, int pending, int due, int dead, int halfMs, int mostMs) {
    private static Point of(long atMs, int[] each) {
      return new Point(atMs, each[0], each[1], each[2], each[3], each[4], each[6], each[7]);
    }
  }

  /** Adds a point, if the last one is long enough ago. */
  void add(
      long atMs,
      long dispatchedEver,
      long ackedEver,
      long diedEver,
      long[] held,
      @Nullable Lateness lateness) {
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
          number(held[2]),
          atMs - lastMs < LATELY_MS ? number(diedEver - died) : 0,
          lateness == null ? -1 : number(Math.min(HOURS_MS, lateness.halfMs())),
          lateness == null ? -1 : number(Math.min(HOURS_MS, lateness.mostMs()))
        };
    dispatched = dispatchedEver;
    acked = ackedEver;
    died = diedEver;
    count++;
  }

  /**
   * Jobs that died within {@link #LATELY_MS}, by when they were first seen dead: those of a pause
   * in which nobody looked count as of its end, and none if it was as long.
   */
  long diedLately(long nowMs, long diedEver) {
    if (count == 0 || nowMs - times[(count - 1) % POINTS] >= LATELY_MS) {
      return 0;
    }
    long sum = Math.max(0, diedEver - died);
    for (int i = count - 1; i >= Math.max(0, count - POINTS); i--) {
      if (nowMs - times[i % POINTS] >= LATELY_MS) {
        break;
      }
      sum += values[i % POINTS][DIED];
    }
    return sum;
  }

  /** Points from the oldest on. */
  java.util.List<Point> points(long nowMs) {
    java.util.List<Point> points = new java.util.ArrayList<>();
    for (int i = Math.max(0, count - POINTS); i < count; i++) {
      long atMs = times[i % POINTS];
      if (nowMs - atMs <= POINTS * STEP_MS) {
        points.add(Point.of(atMs, values[i % POINTS]));
      }
    }
    return points;
  }

  private static int number(long value) {
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE, value));
  }
}
