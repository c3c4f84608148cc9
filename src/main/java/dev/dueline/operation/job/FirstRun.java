package dev.dueline.operation.job;

import dev.dueline.job.Due;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.job.recurrence.Rule;
import dev.dueline.store.call.ScheduleItem;

/**
 * The first run of a recurring job, where its rule gives it, which takes the store's clock to tell.
 * The time is asked just before the job is stored; should the run's due time pass in between, it is
 * due at once, so that no clock but the store's decides.
 */
final class FirstRun {
  private FirstRun() {}

  /** Whether the rule gives the first run. */
  static boolean needsClock(ScheduleItem item) {
    return item.job().due() instanceof Due.ByRule;
  }

  /**
   * The item with its first run; as it is where the clock is not needed. Where no run is due by the
   * end of the series the first one is after it, which the store refuses, but for a request that it
   * carried out before.
   *
   * @param nowMs the store's clock
   */
  static ScheduleItem at(long nowMs, ScheduleItem item) {
    Recurrence recurrence = item.job().recurrence();
    if (recurrence == null || !needsClock(item)) {
      return item;
    }
    long first = recurrence.first(nowMs).orElse(Rule.MAX_MS);
    return item.with(item.job().withDue(new Due.ByRule(first)));
  }
}
