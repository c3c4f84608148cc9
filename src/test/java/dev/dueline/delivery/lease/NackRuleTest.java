package dev.dueline.delivery.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.due.LeasedJob;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Release.Target;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of a job that is given back, under a policy of three attempts. */
class NackRuleTest {
  private static final RetryPolicy POLICY = new RetryPolicy(3, 100, 10_000, 2, 0);
  private static final LeaseRef LEASE = new LeaseRef(new JobId("j"), new LeaseId(1, 2, 3, 4));

  @Test
  void aNackWaitsForTheBackoffOfThePolicy() {
    assertThat(nacked(0, rule(null, true)).target()).isEqualTo(after(100));
    assertThat(nacked(1, rule(null, true)).target()).isEqualTo(after(200));
  }

  @Test
  void aNackWaitsForTheDelayThatItNames() {
    assertThat(nacked(1, rule(5L, true)).target()).isEqualTo(after(5));
  }

  @Test
  void theLastAttemptThatIsNackedMakesTheJobDead() {
    assertThat(nacked(2, rule(5L, true)).target()).isEqualTo(new Target.Dead());
  }

  @Test
  void aNackThatDoesNotCountNeverMakesTheJobDead() {
    Release release = nacked(2, rule(5L, false));
    assertThat(release.target()).isEqualTo(after(5));
    assertThat(release.isCounted()).isFalse();
  }

  private static Release nacked(int failedAttempts, NackRule rule) {
    LeasedJob job = new LeasedJob(LEASE, failedAttempts, POLICY);
    return rule.retry(job, new SplittableRandom(1));
  }

  private static NackRule rule(@Nullable Long delayMs, boolean isCounted) {
    return new NackRule(delayMs, false, isCounted, "why");
  }

  private static Target after(long ms) {
    return new Target.DueAgain(new Due.After(ms));
  }
}
