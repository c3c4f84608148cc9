package dev.dueline.grpc.scheduler;

import dev.dueline.grpc.failure.InvalidRequestException;
import dev.dueline.grpc.failure.Violations;
import dev.dueline.job.Due;
import dev.dueline.job.Shard;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.job.recurrence.Rule;
import dev.dueline.store.JobStore;
import dev.dueline.store.ScheduleItem;
import dev.dueline.store.Slots;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.OptionalLong;

/**
 * The first runs of recurring jobs. One that the rule gives comes after the time that the shard's
 * own Redis tells just before the job is stored; should it pass in between, the job is due at once,
 * so that no clock but that of Redis decides.
 */
final class FirstRuns {
  private final JobStore store;

  FirstRuns(JobStore store) {
    this.store = store;
  }

  /** The store's clock, ms; 0 where no item needs it. */
  Uni<Long> nowMs(Shard shard, List<ScheduleItem> items) {
    return items.stream().anyMatch(FirstRuns::needsClock)
        ? store.claim(shard, Slots.NONE).map(look -> look.nowUs() / 1_000)
        : Uni.createFrom().item(0L);
  }

  /**
   * The item with its first run.
   *
   * @throws InvalidRequestException if no run is due by the end of the series
   */
  static ScheduleItem at(long nowMs, ScheduleItem item) {
    Recurrence recurrence = item.job().recurrence();
    if (recurrence == null || !needsClock(item)) {
      return item;
    }
    if (item.job().due() instanceof Due.After delay) {
      requireInTime(nowMs + delay.ms() <= recurrence.endMs());
      return item;
    }
    OptionalLong first = recurrence.first(nowMs);
    requireInTime(first.isPresent());
    return new ScheduleItem(
        item.job().withDue(new Due.ByRule(first.orElseThrow())), item.onConflict());
  }

  private static boolean needsClock(ScheduleItem item) {
    Recurrence recurrence = item.job().recurrence();
    return recurrence != null
        && (item.job().due() instanceof Due.ByRule
            || (item.job().due() instanceof Due.After && recurrence.endMs() < Rule.MAX_MS));
  }

  private static void requireInTime(boolean isInTime) {
    Violations violations = new Violations();
    violations.require(isInTime, "recurrence.end_time", RecurrenceChecks.ENDS_EARLY);
    violations.throwIfAny();
  }
}
