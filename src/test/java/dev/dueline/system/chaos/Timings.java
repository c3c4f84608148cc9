package dev.dueline.system.chaos;

import dev.dueline.system.chaos.History.Delivered;
import dev.dueline.system.chaos.nemesis.FaultKind;
import dev.dueline.system.chaos.nemesis.Strike;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** How late first deliveries were around faults, and how soon they went on. */
final class Timings {
  /** Before a fault, and after it, what may show its traces. */
  private static final long AROUND_MS = 5_000;

  private final List<Delivered> byDispatch;
  private final List<Strike> strikes;

  /** Of all deliveries, by time of dispatch. */
  Timings(List<Delivered> byDispatch, List<Strike> strikes) {
    this.byDispatch = byDispatch;
    this.strikes = strikes;
  }

  /** Of jobs that fell due in the time before a fault of that kind, during it, or after it. */
  enum Phase {
    BEFORE,
    DURING,
    AFTER
  }

  /** Lateness in ms of first deliveries, sorted. */
  long[] lateness(FaultKind kind, Phase phase) {
    return strikes.stream()
        .filter(strike -> strike.fault().kind() == kind)
        .flatMapToLong(strike -> lateness(fromMs(strike, phase), untilMs(strike, phase)))
        .sorted()
        .toArray();
  }

  /** Lateness in ms of all first deliveries, sorted. */
  long[] lateness() {
    return lateness(0, Long.MAX_VALUE).sorted().toArray();
  }

  private LongStream lateness(long fromMs, long untilMs) {
    return byDispatch.stream()
        .filter(job -> job.attempt() == 1 && job.dueMs() >= fromMs && job.dueMs() < untilMs)
        .mapToLong(job -> job.dispatchMs() - job.dueMs());
  }

  private static long fromMs(Strike strike, Phase phase) {
    return switch (phase) {
      case BEFORE -> strike.fromUs() / 1_000 - AROUND_MS;
      case DURING -> strike.fromUs() / 1_000;
      case AFTER -> strike.reachableUs() / 1_000;
    };
  }

  private static long untilMs(Strike strike, Phase phase) {
    return switch (phase) {
      case BEFORE -> strike.fromUs() / 1_000;
      case DURING -> strike.reachableUs() / 1_000;
      case AFTER -> strike.reachableUs() / 1_000 + AROUND_MS;
    };
  }

  /** From Redis being reachable to the first delivery of a job of the victim's, in ms, sorted. */
  long[] resumeMs(FaultKind kind) {
    return strikes.stream()
        .filter(strike -> strike.fault().kind() == kind)
        .map(this::resumeMs)
        .flatMapToLong(OptionalLong::stream)
        .sorted()
        .toArray();
  }

  private OptionalLong resumeMs(Strike strike) {
    long sinceMs = strike.reachableUs() / 1_000;
    return byDispatch.stream()
        .dropWhile(delivery -> delivery.dispatchMs() < sinceMs)
        .filter(delivery -> strike.hasHit().test(delivery.job()))
        .mapToLong(delivery -> delivery.dispatchMs() - sinceMs)
        .findFirst();
  }

  static long percentile(long[] sorted, int percent) {
    return sorted.length == 0
        ? 0
        : sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }

  static long max(long[] sorted) {
    return sorted.length == 0 ? 0 : sorted[sorted.length - 1];
  }

  static String summary(long[] sorted) {
    return sorted.length == 0
        ? "–"
        : percentile(sorted, 50) + " / " + percentile(sorted, 99) + " / " + max(sorted);
  }
}
