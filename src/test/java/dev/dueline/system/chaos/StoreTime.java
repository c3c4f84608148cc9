package dev.dueline.system.chaos;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.dueline.system.process.SteppedClock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Times by the clock of Redis, which may be stepped, in those of the machine. Steps are so large,
 * and messages so young, that a time tells by which offset it was taken. Thread-safe.
 *
 * @param clock empty: it is that of the machine
 */
record StoreTime(Optional<SteppedClock> clock) {

  /** How far Redis's clock is ahead now. */
  long offsetMs() {
    return clock.map(SteppedClock::offset).orElse(Duration.ZERO).toMillis();
  }

  /** How far Redis's clock was ahead when this was now, or soon to be. */
  long offsetMs(Timestamp recent) {
    long aheadMs = Timestamps.toMillis(recent) - Client.nowUs() / 1_000;
    return clock.map(SteppedClock::offsets).orElse(List.of(Duration.ZERO)).stream()
        .map(Duration::toMillis)
        .min(Comparator.comparingLong(offset -> Math.abs(aheadMs - offset)))
        .orElseThrow();
  }

  /** A time that was now, or soon to be, in that of the machine. */
  long machineMs(Timestamp recent) {
    return Timestamps.toMillis(recent) - offsetMs(recent);
  }
}
