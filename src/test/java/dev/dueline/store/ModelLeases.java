package dev.dueline.store;

import dev.dueline.job.JobState;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.call.Extension;
import dev.dueline.store.due.ClaimedLeases;
import dev.dueline.store.due.LeasedJob;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The leases of one shard in the model. */
final class ModelLeases {
  /** A clock that differs by less was not set back. */
  private static final long LEAST_STEP_US = 1_000_000;

  private final ModelShard jobs;
  private long fence;

  /** No lease that is out was given for longer. */
  private long longestMs;

  ModelLeases(ModelShard jobs) {
    this.jobs = jobs;
  }

  long nextFence(long nowUs) {
    fence = Math.max(fence + 1, nowUs);
    return fence;
  }

  /** A lease is given. */
  void note(boolean wereNone, long leaseMs) {
    longestMs = wereNone ? leaseMs : Math.max(longestMs, leaseMs);
  }

  /** Leases of before the clock was set back end no later than those that are given now. */
  void shorten(long nowUs) {
    if (fence > nowUs + LEAST_STEP_US) {
      long latestMs = nowUs / 1_000 + longestMs;
      jobs.in(JobState.LEASED).forEach(job -> job.stateMs = Math.min(job.stateMs, latestMs));
    }
  }

  /** The job of a lease that is in force and ends after a time. */
  @Nullable ModelJob held(LeaseRef lease, long afterMs) {
    ModelJob job = jobs.job(lease.id());
    boolean isHeld = job != null && lease.leaseId().equals(job.leaseId) && job.stateMs > afterMs;
    return isHeld ? job : null;
  }

  long extend(Extension extension, long nowMs) {
    ModelJob job = held(extension.lease(), nowMs);
    if (job == null) {
      return 0;
    }
    if (nowMs + extension.leaseMs() > job.stateMs) {
      job.stateMs = nowMs + extension.leaseMs();
      note(false, extension.leaseMs());
    }
    return job.stateMs;
  }

  @Nullable LeasedJob leased(LeaseRef lease, long nowMs) {
    ModelJob job = held(lease, nowMs);
    return job == null
        ? null
        : new LeasedJob(lease, job.failedAttempts, job.stored(false).effectiveRetryPolicy());
  }

  ClaimedLeases claimed(List<Long> nonces, long before, long nowUs) {
    List<ModelJob> all = jobs.in(JobState.LEASED).toList();
    int to = before == ClaimedLeases.BEGIN ? all.size() : (int) Math.min(all.size(), before);
    int from = Math.max(0, to - JobStore.MAX_BATCH);
    List<LeaseRef> found =
        all.subList(from, Math.max(from, to)).stream()
            .filter(job -> nonces.contains(Objects.requireNonNull(job.leaseId).nonce()))
            .map(job -> new LeaseRef(job.id(), Objects.requireNonNull(job.leaseId)))
            .toList();
    return new ClaimedLeases(nowUs, from, found);
  }
}
