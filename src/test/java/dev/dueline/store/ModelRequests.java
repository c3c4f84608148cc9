package dev.dueline.store;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.NewJob;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.RequestId;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.call.Scheduled.Outcome;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The requests that the model knows by their ids. */
final class ModelRequests {
  private final long windowMs;
  private final Map<Name, Request> carriedOut = new HashMap<>();

  /** When what was canceled by each was. */
  private final Map<Name, Long> canceled = new HashMap<>();

  ModelRequests(long windowMs) {
    this.windowMs = windowMs;
  }

  private record Name(JobId jobId, RequestId requestId) {}

  private record Request(NewJob job, ConflictPolicy onConflict, Scheduled answer, long ms) {
    boolean isSame(ScheduleItem other) {
      return onConflict == other.onConflict() && new ModelJob(job, 0, 0).isStoredBy(other.job());
    }

    Scheduled repeated(@Nullable JobState state) {
      return new Scheduled(Outcome.valueOf("WAS_" + answer.outcome()), answer.dueMs(), state);
    }
  }

  /** What a request is answered that does nothing, since it was carried out before, or its id. */
  @Nullable Scheduled recall(ScheduleItem item, @Nullable JobState state, long nowMs) {
    if (item.requestId() == null) {
      return null;
    }
    Request before = carriedOut.get(new Name(item.job().id(), item.requestId()));
    if (before == null || before.ms + windowMs <= nowMs) {
      return null;
    }
    return before.isSame(item)
        ? before.repeated(state)
        : new Scheduled(Outcome.REQUEST_ID_REUSED, 0, state);
  }

  /** Whether the job was canceled by this request before. */
  boolean hasCanceled(CancelItem item, long nowMs) {
    Long ms = item.requestId() == null ? null : canceled.get(new Name(item.id(), item.requestId()));
    return ms != null && nowMs < ms + windowMs;
  }

  /** A job was canceled. */
  void keep(CancelItem item, long nowMs) {
    if (item.requestId() != null) {
      canceled.put(new Name(item.id(), item.requestId()), nowMs);
    }
  }

  /** None is known any longer. */
  void forget() {
    carriedOut.clear();
    canceled.clear();
  }

  /** A request was judged. */
  Scheduled keep(ScheduleItem item, Scheduled answer, long nowMs) {
    boolean isDone =
        switch (answer.outcome()) {
          case CREATED, REPLACED, UNCHANGED -> true;
          default -> false;
        };
    if (isDone && item.requestId() != null) {
      carriedOut.put(
          new Name(item.job().id(), item.requestId()),
          new Request(item.job(), item.onConflict(), answer, nowMs));
    }
    return answer;
  }
}
