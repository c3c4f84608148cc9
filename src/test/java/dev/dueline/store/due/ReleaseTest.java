package dev.dueline.store.due;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.JobId;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.due.Release.Target;
import org.junit.jupiter.api.Test;

/** What becomes of the job of a delivery that failed, under a policy of three attempts. */
class ReleaseTest {
  private static final RetryPolicy POLICY = new RetryPolicy(3, 100, 10_000, 2, 0);
  private static final LeaseRef LEASE = new LeaseRef(new JobId("j"), new LeaseId(1, 2, 3, 4));

  @Test
  void aJobThatFailedIsDueAtOnce() {
    assertThat(Release.failed(LEASE, 1, POLICY, "why"))
        .isEqualTo(new Release(LEASE, new Target.AsItWas(), true, "why"));
  }

  @Test
  void aJobThatFailedForTheLastTimeIsDead() {
    assertThat(Release.failed(LEASE, 2, POLICY, "why").target()).isEqualTo(new Target.Dead());
  }
}
