package dev.dueline.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.chaos.History.Answer;
import dev.dueline.system.chaos.History.Connected;
import dev.dueline.system.chaos.History.Disturbed;
import dev.dueline.system.chaos.History.Scheduled;
import dev.dueline.system.chaos.History.StopAsked;
import dev.dueline.system.chaos.History.Stopped;
import org.junit.jupiter.api.Test;

/** What StopWatch promises holds for a good history, and can fail. */
class StopRulesTest {
  private static final String JOB = Client.STEADY + "1";

  private final WrittenHistory history = new WrittenHistory(JOB);

  StopRulesTest() {
    history.add(new Connected("s", 9, true));
    history.add(new Connected("other", 9, false));
    history.add(new Scheduled(JOB, Answer.YES, true, 1_000, 1_000, 0, 400_000, 400_000, 500_000));
  }

  @Test
  void whatWasLeasedBeforeTheAnswerMayCome() {
    stop(Answer.YES, 1_100, 9_000);
    history.deliverTo("s", "t1", 1, 1_050);
    history.add(new Stopped("s", 1_100_000));
    history.ack("t1", 1_300);
    assertThat(history.broken()).isEmpty();
  }

  @Test
  void nothingIsGivenToAWatchThatWasStopped() {
    stop(Answer.YES, 1_100, 9_000);
    history.deliverTo("s", "t1", 1, 1_101);
    history.ack("t1", 1_300);
    history.assertBroken("given to a watch that was stopped");
  }

  @Test
  void jobsMayBeGivenToAWatchThatMayNotHaveBeenStopped() {
    stop(Answer.UNKNOWN, 1_100, 9_000);
    history.deliverTo("s", "t1", 1, 1_200);
    history.ack("t1", 1_300);
    assertThat(history.broken()).isEmpty();
  }

  @Test
  void nothingComesBehindStopped() {
    history.add(new Stopped("s", 1_040_000));
    history.deliverTo("s", "t1", 1, 1_050);
    history.ack("t1", 1_300);
    history.assertBroken("behind Stopped");
  }

  @Test
  void whatIsOutWhenTheTimeOfAStopHasPassedMayBeGivenToAnother() {
    stop(Answer.YES, 1_100, 2_000);
    history.deliverTo("s", "t1", 1, 1_050);
    history.deliverTo("other", "t2", 2, 2_001);
    history.ack("t2", 2_100);
    assertThat(history.broken()).isEmpty();
  }

  @Test
  void whatIsOutBeforeTheTimeOfAStopHasPassedMayNotBeGivenToAnother() {
    stop(Answer.YES, 1_100, 2_000);
    history.deliverTo("s", "t1", 1, 1_050);
    history.deliverTo("other", "t2", 2, 1_999);
    history.ack("t2", 2_100);
    history.assertBroken("two holders");
  }

  @Test
  void aStopLeavesNoJobToItsLease() {
    stop(Answer.YES, 1_100, 2_000);
    history.deliverTo("other", "t2", 2, 6_000);
    history.ack("t2", 6_100);
    history.assertBroken("left to its lease");
  }

  @Test
  void aStopLeavesNoRetryToItsLease() {
    history.deliverTo("other", "t1", 1, 1_000);
    history.deliverTo("other", "t3", 3, 12_000);
    history.ack("t3", 12_100);
    history.assertBroken("left to its lease");
  }

  @Test
  void aFaultMayLeaveAJobToItsLease() {
    history.add(new Disturbed(900_000, 1_500_000));
    history.deliverTo("other", "t2", 2, 6_000);
    history.ack("t2", 6_100);
    assertThat(history.broken()).isEmpty();
  }

  @Test
  void aFaultOfAnotherTimeLeavesNoJobToItsLease() {
    history.add(new Disturbed(6_000_001, 6_500_000));
    history.add(new Disturbed(100_000, 999_999));
    history.deliverTo("other", "t2", 2, 6_000);
    history.ack("t2", 6_100);
    history.assertBroken("left to its lease");
  }

  private void stop(Answer answer, long returnedMs, long endMs) {
    history.add(new StopAsked("s", returnedMs * 1_000, answer, endMs * 1_000));
  }
}
