package dev.dueline.grpc.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.dueline.access.Principal;
import dev.dueline.access.Usage;
import dev.dueline.grpc.Rejection;
import dev.dueline.grpc.TestService;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.ScheduleRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Which calls are refused that were read after the process stood still. */
class StandstillTest {
  private final AtomicLong nowNanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000);
  private final Standstill standstill = new Standstill(nowNanos::get);

  private void pass(Duration time) {
    nowNanos.addAndGet(time.toNanos());
  }

  private void tickAfter(Duration time) {
    pass(time);
    standstill.tick();
  }

  private boolean isOutlived(long leftMs) {
    return standstill.isOutlived(Duration.ofMillis(leftMs).toNanos());
  }

  @Test
  void nothingIsKnownBeforeTheFirstTick() {
    pass(Duration.ofHours(1));
    assertThat(isOutlived(100)).isFalse();
  }

  @Test
  void aTickThatIsSomewhatLateIsNoStandstill() {
    standstill.tick();
    pass(Duration.ofMillis(400));
    assertThat(isOutlived(100)).isFalse();
    standstill.tick();
    assertThat(isOutlived(100)).isFalse();
    assertThat(standstill.count()).isZero();
  }

  @Test
  void whatIsReadBeforeTheTickIsAsOldAsTheStandstill() {
    standstill.tick();
    pass(Duration.ofMillis(1_500));
    assertThat(isOutlived(1_400)).isTrue();
    assertThat(isOutlived(1_900)).isFalse();
    assertThat(isOutlived(600_000)).isFalse();
  }

  @Test
  void whatIsReadForAsLongAgainIsAsOldToo() {
    standstill.tick();
    tickAfter(Duration.ofMillis(1_500));
    tickAfter(Duration.ofMillis(400));
    assertThat(isOutlived(1_800)).isTrue();
    tickAfter(Duration.ofMillis(400));
    tickAfter(Duration.ofMillis(400));
    assertThat(isOutlived(1_800)).isTrue();
    tickAfter(Duration.ofMillis(400));
    assertThat(isOutlived(100)).isFalse();
    assertThat(standstill.count()).isEqualTo(1);
  }

  @Test
  void aLongDeadlineDoesNotHoldACallerForLongerThanTwoSeconds() {
    standstill.tick();
    tickAfter(Duration.ofSeconds(8));
    assertThat(isOutlived(600_000)).isTrue();
    for (int i = 0; i < 13; i++) {
      tickAfter(Duration.ofMillis(400));
    }
    assertThat(isOutlived(100)).isFalse();
  }

  @Test
  void aStandstillWhileTheSocketsAreReadAddsToTheOneBefore() {
    standstill.tick();
    tickAfter(Duration.ofMillis(1_000));
    pass(Duration.ofMillis(600));
    assertThat(isOutlived(1_550)).isTrue();
    standstill.tick();
    assertThat(isOutlived(1_550)).isTrue();
    assertThat(isOutlived(1_900)).isFalse();
  }

  @Test
  void aLongStandstillIsNotForgottenForAShortOneBehindIt() {
    standstill.tick();
    tickAfter(Duration.ofSeconds(8));
    pass(Duration.ofMillis(700));
    assertThat(isOutlived(2_500)).isTrue();
    standstill.tick();
    assertThat(isOutlived(2_500)).isTrue();
  }

  @Test
  void aSecondLongStandstillIsNotForgottenEither() {
    standstill.tick();
    tickAfter(Duration.ofSeconds(8));
    tickAfter(Duration.ofMillis(400));
    tickAfter(Duration.ofSeconds(8));
    pass(Duration.ofMillis(700));
    assertThat(isOutlived(2_500)).isTrue();
    standstill.tick();
    assertThat(isOutlived(2_500)).isTrue();
  }

  @Test
  void aProcessThatIsSlowAgainAndAgainTakesCallsAllTheSame() {
    standstill.tick();
    pass(Duration.ofSeconds(8));
    for (int i = 0; i < 9; i++) {
      standstill.tick();
      pass(Duration.ofMillis(700));
    }
    standstill.tick();
    assertThat(isOutlived(2_500)).isFalse();
  }

  @Test
  void callsThatChangeSomethingAreRefusedAndOthersAreNot() {
    AccessControl access =
        new AccessControl(
            anybody -> Optional.of(Principal.ANYBODY), new Usage(System::nanoTime), standstill);
    try (TestService service = new TestService(access)) {
      ScheduleRequest schedule = ScheduleRequest.newBuilder().setQueue("q").setJobId("j").build();
      service.client().schedule(schedule);
      standstill.tick();
      pass(Duration.ofSeconds(8));

      Rejection refused =
          Rejection.of(
              () ->
                  service
                      .client()
                      .cancel(CancelRequest.newBuilder().setQueue("q").setJobId("j").build()));
      assertThat(refused.code()).isEqualTo(Code.UNAVAILABLE);
      assertThat(refused.reason()).isEqualTo("NOT_IN_TIME");
      assertThat(refused.retry().hasRetryDelay()).isTrue();
      assertThat(
              service
                  .client()
                  .getJob(GetJobRequest.newBuilder().setQueue("q").setJobId("j").build())
                  .getJob()
                  .getJobId())
          .isEqualTo("j");
    }
  }
}
