package dev.dueline.job.recurrence;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The slow and obvious reference: a wall clock that is watched step by step, and whose hands only
 * ever count forward. What it jumps over runs at the jump, what it shows again does not run again.
 */
final class SteppedClock {
  private SteppedClock() {}

  /** The moments, ms, after one and up to another at which a rule fires. */
  static List<Long> fires(
      Predicate<LocalDateTime> matches, ZoneId zone, long afterMs, long toMs, int stepSeconds) {
    List<Long> fires = new ArrayList<>();
    LocalDateTime shown = at(afterMs, zone);
    // What a change before the first step repeats was shown before.
    for (long ms = afterMs - 48 * 3_600_000L; ms <= afterMs; ms += 1_000L * stepSeconds) {
      LocalDateTime now = at(ms, zone);
      shown = now.isAfter(shown) ? now : shown;
    }
    for (long ms = afterMs + 1_000L * stepSeconds; ms <= toMs; ms += 1_000L * stepSeconds) {
      LocalDateTime now = at(ms, zone);
      boolean isFiring = false;
      while (shown.isBefore(now)) {
        shown = shown.plusSeconds(stepSeconds);
        isFiring |= matches.test(shown);
      }
      if (isFiring) {
        fires.add(ms);
      }
    }
    return fires;
  }

  private static LocalDateTime at(long ms, ZoneId zone) {
    return LocalDateTime.ofInstant(Instant.ofEpochMilli(ms), zone);
  }
}
