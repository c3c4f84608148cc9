package dev.dueline.operation.clock;

import static dev.dueline.operation.clock.MovedService.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.RetryPolicy;
import dev.dueline.job.lease.Delivery;
import dev.dueline.store.news.LeaseEnd;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of leases while the clock moves. */
class MovedLeaseTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60_000;

  /** For what does not settle; longer than delivery takes on a busy machine. */
  private static final Duration SHORT = Duration.ofSeconds(1);

  private final MovedService service = new MovedService();

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void aLeaseThatNobodyExtendsRunsOutAtItsTime() {
    service.schedule("q", job("a", Duration.ZERO));
    Delivery held = service.pull("q", Duration.ofSeconds(30), Duration.ofMinutes(3)).get(0);
    ScriptedWatcher watcher = service.watch("q", 10, false).on(job -> service.ack(job.token()));

    Passage passage = service.advance(Duration.ofMinutes(2));
    assertThat(passage.jobs()).isEqualTo(new Tally(0, 0, 0, 0, 0, 0, 0, 1));

    passage = service.advance(HOUR);
    assertThat(passage.jobs()).isEqualTo(new Tally(0, 1, 1, 1, 0, 0, 0, 0));
    assertThat(watcher.received().get(0).dispatchMs())
        .isBetween(held.leaseExpiryMs(), held.leaseExpiryMs() + MINUTE);
    assertThat(service.ack(held.token())).isFalse();
  }

  @Test
  void aLeaseThatIsExtendedLasts() {
    service.schedule("q", job("a", HOUR));
    service.schedule("q", job("b", Duration.ofHours(5)));
    ScriptedWatcher watcher = service.watch("q", 10, true);

    Passage passage = service.advance(DAY, SHORT);

    assertThat(passage.jobs()).isEqualTo(new Tally(0, 2, 0, 0, 0, 0, 0, 2));
    assertThat(watcher.received()).hasSize(2);
    assertThat(watcher.lost()).isEmpty();
    assertThat(watcher.received()).allMatch(job -> service.ack(job.token()));
  }

  @Test
  void aWatcherThatIsSilentIsAskedAgainAsItWouldBe() {
    RetryPolicy policy = new RetryPolicy(3, 0, 0, 1, 0);
    service.schedule("q", job(job("a", HOUR), policy, 0, null));
    ScriptedWatcher watcher = service.watch("q", 1, false);

    Passage passage = service.advance(HOUR.plusMinutes(10), SHORT);

    assertThat(passage.jobs()).isEqualTo(new Tally(0, 3, 0, 2, 1, 0, 0, 0));
    assertThat(watcher.lost())
        .containsExactly(LeaseEnd.EXPIRED, LeaseEnd.EXPIRED, LeaseEnd.EXPIRED);
    // 30 s until the lease runs out, and 30 s until it has a job again.
    assertThat(watcher.gaps())
        .allSatisfy(gap -> assertThat(gap).isBetween(60 * SECOND, 120 * SECOND));
  }
}
