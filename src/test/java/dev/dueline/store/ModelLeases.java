package dev.dueline.store;

import dev.dueline.job.JobState;
import dev.dueline.job.LeaseRef;
import dev.dueline.store.call.Extension;
import dev.dueline.store.due.LeasedJob;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The leases of one shard in the model. */
final class ModelLeases {
  private final ModelShard jobs;

  ModelLeases(ModelShard jobs) {
    this.jobs = jobs;
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
    job.stateMs = Math.max(job.stateMs, nowMs + extension.leaseMs());
    return job.stateMs;
  }

  @Nullable LeasedJob leased(LeaseRef lease, long nowMs) {
    ModelJob job = held(lease, nowMs);
    return job == null
        ? null
        : new LeasedJob(lease, job.failedAttempts, job.stored(false).effectiveRetryPolicy());
  }

  List<LeaseRef> claimed(List<Long> nonces) {
    return jobs.in(JobState.LEASED)
        .filter(job -> nonces.contains(Objects.requireNonNull(job.leaseId).nonce()))
        .map(job -> new LeaseRef(job.id(), Objects.requireNonNull(job.leaseId)))
        .toList();
  }
}
