package dev.dueline.system.chaos;

import dev.dueline.system.chaos.History.Failover;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * What a history shows: promises that were broken, and those that a failover explains, since the
 * write that made the promise was answered in a gap of replication. Not thread-safe.
 */
final class Verdict {
  /** The kind of promise that a job which vanished breaks. */
  static final String LOST = "lost";

  private final List<Failover> failovers;
  private final List<String> broken = new ArrayList<>();
  private final Map<String, Integer> explained = new TreeMap<>();
  private final Map<String, Integer> lostByFault = new TreeMap<>();
  private long greatestDistanceMs;

  Verdict(List<Failover> failovers) {
    this.failovers = failovers;
  }

  /** Every broken promise, in words. */
  List<String> broken() {
    return broken;
  }

  /** How many of each kind a failover explains. */
  Map<String, Integer> explained() {
    return explained;
  }

  /** How many jobs of those that a failover lost go back to each kind of fault. */
  Map<String, Integer> lostByFault() {
    return lostByFault;
  }

  /** How far from the beginning of its fault an explained write was answered, at most. */
  long greatestDistanceMs() {
    return greatestDistanceMs;
  }

  void breaks(String promise) {
    broken.add(promise);
  }

  /** Unless the write was answered in a gap. */
  void breaksUnlessForgotten(String kind, long writtenUs, String promise) {
    if (!isForgotten(kind, writtenUs)) {
      broken.add(kind + ": " + promise);
    }
  }

  /** Those of the writes that a failover may have undone. */
  LongStream inGaps(LongStream writtenUs) {
    return writtenUs.filter(us -> failovers.stream().anyMatch(failover -> covers(failover, us)));
  }

  private static boolean covers(Failover failover, long us) {
    return failover.fromUs() <= us && us <= failover.untilUs();
  }

  /** Whether a failover may have undone a write that was answered then; if so, it is counted. */
  boolean isForgotten(String kind, long writtenUs) {
    for (Failover failover : failovers) {
      if (covers(failover, writtenUs)) {
        explained.merge(kind, 1, Integer::sum);
        if (kind.equals(LOST)) {
          lostByFault.merge(failover.fault(), 1, Integer::sum);
        }
        long distanceMs = Math.abs(writtenUs - failover.faultUs()) / 1_000;
        greatestDistanceMs = Math.max(greatestDistanceMs, distanceMs);
        return true;
      }
    }
    return false;
  }
}
