package dev.dueline.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.chaos.History.Acked;
import dev.dueline.system.chaos.History.Answer;
import dev.dueline.system.chaos.History.ClockStep;
import dev.dueline.system.chaos.History.Connected;
import dev.dueline.system.chaos.History.Delivered;
import dev.dueline.system.chaos.History.Scheduled;
import org.junit.jupiter.api.Test;

/** What a step of Redis's clock excuses, and what it does not. */
class ClockStepCheckTest {
  private static final ClockStep STEP = new ClockStep(5_000_000, 5_100_000);

  private final History history = new History();

  ClockStepCheckTest() {
    history.add(new Connected("w", 10, false));
  }

  @Test
  void aLeaseMayBeOverWithAStep() {
    schedule(1_000);
    deliver("t1", 1, 1_000, 1_000);
    deliver("t2", 2, 1_000, 5_200);
    assertBroken("two holders");
    history.add(STEP);
    assertNothingIsBroken();
  }

  @Test
  void aLeaseOfAfterTheStepIsNot() {
    schedule(1_000);
    history.add(STEP);
    deliver("t1", 1, 1_000, 5_200);
    deliver("t2", 2, 1_000, 5_300);
    assertBroken("two holders");
  }

  @Test
  void aJobMayComeBeforeTheTimeThatWasMeantWhenTheClockWasAnother() {
    schedule(80_000);
    deliver("t1", 1, 5_000, 5_200);
    assertBroken("early");
    history.add(STEP);
    assertNothingIsBroken();
  }

  @Test
  void noJobComesBeforeItsTimeByTheClockThatIsNow() {
    schedule(80_000);
    history.add(STEP);
    deliver("t1", 1, 5_300, 5_200);
    assertBroken("early");
  }

  @Test
  void nothingIsLostByIt() {
    history.add(new Scheduled("lost", Answer.YES, false, 0, 80_000, 0, 0, 0, 0));
    history.add(STEP);
    assertBroken("lost");
  }

  private void schedule(long dueMs) {
    history.add(new Scheduled("a", Answer.YES, false, dueMs, dueMs, 0, 0, 0, 0));
  }

  /** With a lease of 30 s; the last delivery of a job is acknowledged. */
  private void deliver(String token, int attempt, long dueMs, long dispatchMs) {
    long receivedUs = dispatchMs * 1_000 + 500;
    history.add(
        new Delivered(
            "a", "w", token, attempt, dueMs, dispatchMs, dispatchMs + 30_000, receivedUs));
    Answer answer = token.equals("t1") ? Answer.UNKNOWN : Answer.YES;
    history.add(new Acked(token, receivedUs + 500, receivedUs + 600, answer));
  }

  private void assertBroken(String rule) {
    assertThat(HistoryChecker.check(history).broken()).anyMatch(each -> each.startsWith(rule));
  }

  private void assertNothingIsBroken() {
    assertThat(HistoryChecker.check(history).broken()).isEmpty();
  }
}
