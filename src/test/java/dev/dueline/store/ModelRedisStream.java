package dev.dueline.store;

import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.recurrence.RunEnd;
import dev.dueline.store.due.Fed;
import dev.dueline.store.queue.RedisStreamTarget;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The stream of one shard of the model, and how jobs get there. */
public final class ModelRedisStream {
  private static final long FULL_PACE_MS = 100;

  /** The second call of a step comes later, as that of the test's Redis does. */
  private static final long SECOND_CALL_US = 100_000;

  private final ModelShard jobs;
  private final ModelOperations operations;
  private final List<String> entries = new ArrayList<>();

  ModelRedisStream(ModelShard jobs, ModelOperations operations) {
    this.jobs = jobs;
    this.operations = operations;
  }

  /** What consumers would read, in order. */
  List<String> entries() {
    return entries;
  }

  /** An entry as both stores tell of it. */
  public static String entry(
      String id, long dueMs, int attempt, int payloadBytes, String attributes) {
    return "%s due %s attempt %d payload %d %s"
        .formatted(id, ModelSide.cell(dueMs), attempt, payloadBytes, attributes);
  }

  /** False: jobs are leased. */
  boolean deliver(@Nullable RedisStreamTarget target, long nowMs) {
    boolean isHeld = jobs.in(JobState.LEASED).anyMatch(job -> job.stateMs > nowMs);
    if (isHeld && (target == null) != (operations.stream() == null)) {
      return false;
    }
    operations.stream(target);
    return true;
  }

  Fed feed(int most, long nowUs) {
    Set<JobId> runs = new HashSet<>();
    Fed first = step(most, nowUs, Set.of(), runs);
    if (runs.isEmpty()) {
      return first;
    }
    Fed second = step(most, nowUs + SECOND_CALL_US, runs, new HashSet<>());
    return both(first, second);
  }

  /** Two calls in one. */
  static Fed both(Fed first, Fed second) {
    List<Long> moved = new ArrayList<>(first.dueMs());
    moved.addAll(second.dueMs());
    return new Fed(
        second.nowUs(),
        second.destination(),
        second.nextMs(),
        second.nextExpiryMs(),
        second.hold(),
        first.dropped() + second.dropped(),
        moved);
  }

  /** One call of the script: with the runs whose next due times are known; finds others. */
  private Fed step(int most, long nowUs, Set<JobId> known, Set<JobId> found) {
    long nowMs = nowUs / 1000;
    RedisStreamTarget target = operations.stream();
    long left = target == null ? 0 : target.maxLength() - entries.size();
    long free = operations.free(nowUs, true);
    List<ModelJob> due = due(Math.max(0, Math.min(most, Math.min(free, left))), nowMs);
    List<Long> moved = new ArrayList<>();
    long room = ModelShard.MAX_BYTES;
    int dropped = 0;
    for (ModelJob job : due) {
      if (!moved.isEmpty() && job.size(true) > room) {
        break;
      }
      boolean recurs = job.request.recurrence() != null;
      if (recurs && !known.contains(job.id())) {
        found.add(job.id());
        continue;
      }
      if (job.isPastTtl(nowMs)) {
        dropped++;
        jobs.count("expired");
        end(job, recurs, RunEnd.EXPIRED, nowMs);
      } else {
        room -= job.size(true);
        moved.add(job.stateMs);
        append(job);
        end(job, recurs, RunEnd.COMPLETED, nowMs);
      }
    }
    long again = operations.served(moved.size(), nowUs, true);
    long next = jobs.head(JobState.PENDING);
    Fed.Hold hold = Fed.Hold.NONE;
    if (next <= nowMs && found.isEmpty()) {
      boolean isFull = target != null && left <= moved.size();
      boolean isLimited = free <= moved.size();
      hold = isFull ? Fed.Hold.FULL : isLimited ? Fed.Hold.LIMITED : hold;
      next = isFull ? nowMs + FULL_PACE_MS : isLimited ? again : next;
    }
    return fed(nowUs, next, hold, dropped, moved);
  }

  private Fed fed(long nowUs, long nextMs, Fed.Hold hold, int dropped, List<Long> moved) {
    long expiry = jobs.nextEnd();
    return new Fed(nowUs, operations.destination(), nextMs, expiry, hold, dropped, moved);
  }

  private List<ModelJob> due(long most, long nowMs) {
    return jobs.in(JobState.PENDING).filter(job -> job.stateMs <= nowMs).limit(most).toList();
  }

  private void append(ModelJob job) {
    entries.add(
        entry(
            job.id().value(),
            job.stateMs,
            job.failedAttempts + 1,
            job.request.payload().length,
            job.attributes().toString()));
    jobs.count("dispatched");
    jobs.count("streamed");
  }

  private void end(ModelJob job, boolean recurs, RunEnd end, long nowMs) {
    if (recurs && ModelRuns.end(job, end, false, "", nowMs)) {
      job.lastFailure = "";
      job.forgetAttempts();
      jobs.count("renewed");
    } else {
      jobs.forget(job.id());
    }
  }
}
