package dev.dueline.operation.job;

import dev.dueline.job.Due;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.job.recurrence.Rule;
import dev.dueline.store.call.ScheduleItem;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The first run of a recurring job, where it takes the store's clock to tell. The time is asked
 * just before the job is stored; should the run's due time pass in between, it is due at once, so
 * that no clock but the store's decides.
 */
final class FirstRun {
  private FirstRun() {}

  /** Whether the rule gives the first run, or an end could come before it. */
  static boolean needsClock(ScheduleItem item) {
    Recurrence recurrence = item.job().recurrence();
    return recurrence != null
        && (item.job().due() instanceof Due.ByRule
            || (item.job().due() instanceof Due.After && recurrence.endMs() < Rule.MAX_MS));
  }

  /**
   * The item with its first run; as it is where the clock is not needed.
   *
   * @param nowMs the store's clock
   * @return empty: no run is due by the end of the series
   */
  static Optional<ScheduleItem> at(long nowMs, ScheduleItem item) {
    Recurrence recurrence = item.job().recurrence();
    if (recurrence == null || !needsClock(item)) {
      return Optional.of(item);
    }
    if (item.job().due() instanceof Due.After delay) {
      return nowMs + delay.ms() <= recurrence.endMs() ? Optional.of(item) : Optional.empty();
    }
    OptionalLong first = recurrence.first(nowMs);
    return first.isEmpty()
        ? Optional.empty()
        : Optional.of(item.with(item.job().withDue(new Due.ByRule(first.getAsLong()))));
  }
}
