package dev.dueline.store;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.JobState;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;

/** What the model does when a live job already has the id. */
final class ModelConflict {
  private ModelConflict() {}

  static Scheduled.Outcome outcome(ScheduleItem item, ModelJob old, long due) {
    boolean isSame = old.isStoredBy(item.job());
    if (item.onConflict() == ConflictPolicy.KEEP) {
      return Scheduled.Outcome.UNCHANGED;
    }
    if (old.state == JobState.LEASED) {
      return isSame ? Scheduled.Outcome.UNCHANGED : Scheduled.Outcome.ID_LEASED;
    }
    if (item.onConflict() == ConflictPolicy.REJECT) {
      return isSame ? Scheduled.Outcome.UNCHANGED : Scheduled.Outcome.ID_TAKEN;
    }
    if (isSame && old.state == JobState.PENDING && old.request.recurrence() != null) {
      return Scheduled.Outcome.UNCHANGED;
    }
    boolean isWanted =
        switch (item.onConflict()) {
          case REPLACE_IF_EARLIER -> due < old.stateMs;
          case REPLACE_IF_LATER -> due > old.stateMs;
          default -> !isSame || due != old.stateMs;
        };
    return old.state == JobState.DEAD || isWanted
        ? Scheduled.Outcome.REPLACED
        : Scheduled.Outcome.UNCHANGED;
  }
}
