package dev.dueline.store;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.NewJob;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.recurrence.RunEnd;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.call.Canceled.Outcome;
import dev.dueline.store.call.JobPage;
import dev.dueline.store.call.ListQuery;
import dev.dueline.store.call.Rescheduled;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Slots;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The jobs of one shard in memory, and their transitions, one item at a time. */
final class ModelShard {
  /** Most bytes of jobs in one reply. */
  static final long MAX_BYTES = 1 << 20;

  private final Shard shard;
  private final Map<JobId, ModelJob> jobs = new HashMap<>();
  private final Map<String, Long> counters = new TreeMap<>();
  private final ModelOperations operations = new ModelOperations(this);
  private final ModelRedisStream stream = new ModelRedisStream(this, operations);
  private final ModelLeases leases = new ModelLeases(this);
  private final ModelRequests requests;
  private final int mostDead;

  ModelShard(Shard shard, int mostDead, ModelRequests requests) {
    this.shard = shard;
    this.requests = requests;
    this.mostDead = mostDead;
  }

  /** What happened so far, by the names that the store uses. */
  Map<String, Long> counters() {
    return counters;
  }

  ModelOperations operations() {
    return operations;
  }

  ModelLeases leases() {
    return leases;
  }

  ModelRedisStream stream() {
    return stream;
  }

  @Nullable ModelJob job(JobId id) {
    return jobs.get(id);
  }

  /** The jobs in one state, in the order of its index. */
  Stream<ModelJob> in(JobState state) {
    return jobs.values().stream()
        .filter(job -> job.state == state)
        .sorted(Comparator.comparing(ModelJob::place));
  }

  /** The first time in the index of a state, or {@link Claim#NONE}. */
  long head(JobState state) {
    return jobs.values().stream()
        .filter(job -> job.state == state)
        .mapToLong(job -> job.stateMs)
        .min()
        .orElse(Claim.NONE);
  }

  /**
   * Stores a job; empty: the job that has its id is over.
   *
   * @param isFresh whether the job that has its id was stored by the same call, and is not over yet
   */
  Optional<Scheduled> schedule(ScheduleItem item, boolean isFresh, long nowUs) {
    if (item.deadline().isPassed()) {
      return Optional.of(Scheduled.TOO_LATE);
    }
    if (!isFresh && isOver(item.job().id(), nowUs / 1000)) {
      return Optional.empty();
    }
    ModelJob there = jobs.get(item.job().id());
    Scheduled repeated = requests.recall(item, there == null ? null : there.state, nowUs / 1000);
    return Optional.of(
        repeated == null ? requests.keep(item, carryOut(item, nowUs), nowUs / 1000) : repeated);
  }

  private Scheduled carryOut(ScheduleItem item, long nowUs) {
    NewJob request = item.job();
    long due = ModelJob.resolve(request.due(), nowUs);
    ModelJob old = jobs.get(request.id());
    Scheduled.Outcome outcome =
        old == null ? Scheduled.Outcome.CREATED : ModelConflict.outcome(item, old, due);
    if (old != null && outcome != Scheduled.Outcome.REPLACED) {
      return new Scheduled(outcome, old.dueInForceMs(), old.state);
    }
    JobState state = old == null ? null : old.state;
    if (state != JobState.PENDING && operations.isFull(nowUs / 1000)) {
      return new Scheduled(Scheduled.Outcome.QUEUE_FULL, 0, state);
    }
    if (due > ModelRuns.endMs(request)) {
      return new Scheduled(Scheduled.Outcome.AFTER_END, 0, state);
    }
    jobs.put(request.id(), new ModelJob(request, due, nowUs / 1000));
    count("scheduled", old == null);
    return new Scheduled(outcome, due, JobState.PENDING);
  }

  Canceled cancel(CancelItem item, long nowMs) {
    if (requests.hasCanceled(item, nowMs)) {
      return new Canceled(Outcome.CANCELED, null);
    }
    ModelJob job = jobs.get(item.id());
    if (job == null) {
      return new Canceled(Outcome.NOT_FOUND, null);
    }
    if (job.state == JobState.LEASED && !item.cancelLeased()) {
      return new Canceled(Outcome.LEASED, null);
    }
    jobs.remove(item.id());
    count("canceled", true);
    requests.keep(item, nowMs);
    return new Canceled(Outcome.CANCELED, job.leaseId);
  }

  Rescheduled reschedule(JobId id, Due due, long nowUs) {
    return ModelReschedule.of(jobs.get(id), due, operations, nowUs);
  }

  Claim claim(Slots slots, long nowUs) {
    leases.shorten(nowUs);
    return new ModelClaim(this, shard, nowUs).claim(slots);
  }

  ModelRuns.Outcome ack(LeaseRef lease, long nowMs) {
    ModelJob job = leases.held(lease, nowMs);
    if (job == null) {
      return ModelRuns.Outcome.LOST;
    }
    if (job.request.recurrence() != null) {
      return ModelRuns.Outcome.OVER;
    }
    jobs.remove(lease.id());
    count("acked", true);
    return ModelRuns.Outcome.DONE;
  }

  /** Ends a run that is over. */
  boolean end(LeaseRef lease, RunEnd end, boolean isCounted, String reason, long nowMs) {
    ModelJob job = leases.held(lease, Long.MIN_VALUE);
    if (job == null) {
      return false;
    }
    if (!ModelRuns.end(job, end, isCounted, reason, nowMs)) {
      jobs.remove(job.id());
    }
    count(end == RunEnd.COMPLETED ? "acked" : end.name().toLowerCase(Locale.ROOT), true);
    count("renewed", jobs.containsKey(job.id()) && job.state == JobState.PENDING);
    dropDead(end == RunEnd.DIED, nowMs);
    return true;
  }

  /** Ends a run that a release said is over. */
  boolean end(Release release, long nowMs) {
    ModelJob job = jobs.get(release.lease().id());
    RunEnd end = job == null ? null : ModelRuns.endOf(job, release);
    String reason = end == RunEnd.EXPIRED ? "" : release.reason();
    return end != null && end(release.lease(), end, release.isCounted(), reason, nowMs);
  }

  ModelRuns.Outcome release(Release release, boolean includingExpired, long nowUs) {
    ModelJob job = leases.held(release.lease(), includingExpired ? Long.MIN_VALUE : nowUs / 1000);
    if (job == null) {
      return ModelRuns.Outcome.LOST;
    }
    if (ModelRuns.endOf(job, release) != null) {
      return ModelRuns.Outcome.OVER;
    }
    job.leaseId = null;
    job.fail(release.isCounted(), release.reason(), nowUs / 1000);
    boolean isDead = release.target() instanceof Release.Target.Dead;
    job.state = isDead ? JobState.DEAD : JobState.PENDING;
    if (release.target() instanceof Release.Target.DueAgain again) {
      job.stateMs = ModelJob.resolve(again.due(), nowUs);
    } else {
      job.stateMs = isDead ? nowUs / 1000 : job.deliveryDueMs;
    }
    count("died", isDead);
    dropDead(isDead, nowUs / 1000);
    count("retried", !isDead && release.isCounted());
    return ModelRuns.Outcome.DONE;
  }

  /** Those that wait for at most their ttl, in the order in which that is over. */
  Stream<ModelJob> waits() {
    return jobs.values().stream()
        .filter(ModelJob::hasWaitEnd)
        .sorted(Comparator.comparing(ModelExpiry::waitPlace));
  }

  /** When the next lease or wait is over, or {@link Claim#NONE}. */
  long nextEnd() {
    return Math.min(
        head(JobState.LEASED), waits().mapToLong(ModelJob::waitEndMs).min().orElse(Claim.NONE));
  }

  boolean isOver(JobId id, long nowMs) {
    ModelJob job = jobs.get(id);
    return job != null && job.isOver(nowMs);
  }

  /** A job whose ttl has passed goes; of one that recurs, the run. */
  void drop(ModelJob job, long nowUs) {
    if (job.request.recurrence() != null) {
      ModelRuns.park(job, nowUs);
    } else {
      remove(job.id(), "expired");
    }
  }

  JobPage list(ListQuery query) {
    return ModelList.page(jobs.values(), query);
  }

  /** As many as are too many; those that died at a time still to come died now. */
  void dropDead(boolean isAsked, long nowMs) {
    in(JobState.DEAD)
        .filter(job -> isAsked)
        .forEach(job -> job.stateMs = Math.min(job.stateMs, nowMs));
    while (isAsked && in(JobState.DEAD).count() > mostDead) {
      remove(in(JobState.DEAD).findFirst().orElseThrow().id(), "dropped_dead");
    }
  }

  /** A job goes. */
  void forget(JobId id) {
    jobs.remove(id);
  }

  /** A job goes, and is counted as what it went by. */
  void remove(JobId id, String counter) {
    jobs.remove(id);
    count(counter);
  }

  void count(String counter) {
    count(counter, true);
  }

  private void count(String counter, boolean happened) {
    if (happened) {
      counters.merge(counter, 1L, Long::sum);
    }
  }
}
