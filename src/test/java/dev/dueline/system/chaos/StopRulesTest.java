package dev.dueline.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.chaos.History.Acked;
import dev.dueline.system.chaos.History.Answer;
import dev.dueline.system.chaos.History.Connected;
import dev.dueline.system.chaos.History.Delivered;
import dev.dueline.system.chaos.History.Disturbed;
import dev.dueline.system.chaos.History.Scheduled;
import dev.dueline.system.chaos.History.StopAsked;
import dev.dueline.system.chaos.History.Stopped;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What StopWatch promises holds for a good history, and can fail. */
class StopRulesTest {
  private static final String JOB = Client.STEADY + "1";

  private final History history = new History();

  StopRulesTest() {
    history.add(new Connected("s", 9, true));
    history.add(new Connected("other", 9, false));
    history.add(new Scheduled(JOB, Answer.YES, true, 1_000, 1_000, 0, 400_000, 400_000, 500_000));
  }

  @Test
  void whatWasLeasedBeforeTheAnswerMayCome() {
    stop(Answer.YES, 1_100, 9_000);
    deliver("s", "t1", 1, 1_050);
    history.add(new Stopped("s", 1_100_000));
    ack("t1", 1_300);
    assertThat(broken()).isEmpty();
  }

  @Test
  void nothingIsGivenToAWatchThatWasStopped() {
    stop(Answer.YES, 1_100, 9_000);
    deliver("s", "t1", 1, 1_101);
    ack("t1", 1_300);
    assertBroken("given to a watch that was stopped");
  }

  @Test
  void jobsMayBeGivenToAWatchThatMayNotHaveBeenStopped() {
    stop(Answer.UNKNOWN, 1_100, 9_000);
    deliver("s", "t1", 1, 1_200);
    ack("t1", 1_300);
    assertThat(broken()).isEmpty();
  }

  @Test
  void nothingComesBehindStopped() {
    history.add(new Stopped("s", 1_040_000));
    deliver("s", "t1", 1, 1_050);
    ack("t1", 1_300);
    assertBroken("behind Stopped");
  }

  @Test
  void whatIsOutWhenTheTimeOfAStopHasPassedMayBeGivenToAnother() {
    stop(Answer.YES, 1_100, 2_000);
    deliver("s", "t1", 1, 1_050);
    deliver("other", "t2", 2, 2_001);
    ack("t2", 2_100);
    assertThat(broken()).isEmpty();
  }

  @Test
  void whatIsOutBeforeTheTimeOfAStopHasPassedMayNotBeGivenToAnother() {
    stop(Answer.YES, 1_100, 2_000);
    deliver("s", "t1", 1, 1_050);
    deliver("other", "t2", 2, 1_999);
    ack("t2", 2_100);
    assertBroken("two holders");
  }

  @Test
  void aStopLeavesNoJobToItsLease() {
    stop(Answer.YES, 1_100, 2_000);
    deliver("other", "t2", 2, 6_000);
    ack("t2", 6_100);
    assertBroken("left to its lease");
  }

  @Test
  void aStopLeavesNoRetryToItsLease() {
    deliver("other", "t1", 1, 1_000);
    deliver("other", "t3", 3, 12_000);
    ack("t3", 12_100);
    assertBroken("left to its lease");
  }

  @Test
  void aFaultMayLeaveAJobToItsLease() {
    history.add(new Disturbed(900_000, 1_500_000));
    deliver("other", "t2", 2, 6_000);
    ack("t2", 6_100);
    assertThat(broken()).isEmpty();
  }

  @Test
  void aFaultOfAnotherTimeLeavesNoJobToItsLease() {
    history.add(new Disturbed(6_000_001, 6_500_000));
    history.add(new Disturbed(100_000, 999_999));
    deliver("other", "t2", 2, 6_000);
    ack("t2", 6_100);
    assertBroken("left to its lease");
  }

  private void stop(Answer answer, long returnedMs, long endMs) {
    history.add(new StopAsked("s", returnedMs * 1_000, answer, endMs * 1_000));
  }

  private void deliver(String watcher, String token, int attempt, long atMs) {
    history.add(
        new Delivered(JOB, watcher, token, attempt, 1_000, atMs, atMs + 5_000, atMs * 1_000));
  }

  private void ack(String token, long atMs) {
    history.add(new Acked(token, atMs * 1_000 - 500, atMs * 1_000, Answer.YES));
  }

  private List<String> broken() {
    return HistoryChecker.check(history).broken();
  }

  private void assertBroken(String words) {
    assertThat(broken()).anyMatch(line -> line.contains(words));
  }
}
