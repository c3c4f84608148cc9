package dev.dueline.delivery.lease;

import dev.dueline.job.Due;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.due.LeasedJob;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Release.Target;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How a watcher gives jobs back.
 *
 * @param delayMs until they are due again; null: by their retry policies
 * @param isDead straight to the dead jobs
 * @param isCounted whether the attempt counts
 * @param reason kept with the job; empty: the last one stays
 */
public record NackRule(@Nullable Long delayMs, boolean isDead, boolean isCounted, String reason) {
  /** What becomes of a job that may be tried again: dead if it failed too often, or due again. */
  Release retry(LeasedJob job, RandomGenerator random) {
    int failures = job.failedAttempts() + 1;
    if (isCounted && job.retryPolicy().isExhausted(failures)) {
      return dead(job.lease());
    }
    long waitMs = delayMs != null ? delayMs : job.retryPolicy().backoffMs(failures, random);
    return new Release(job.lease(), new Target.DueAgain(new Due.After(waitMs)), isCounted, reason);
  }

  /** The job is dead, whatever its policy. */
  Release dead(LeaseRef lease) {
    return new Release(lease, new Target.Dead(), isCounted, reason);
  }
}
