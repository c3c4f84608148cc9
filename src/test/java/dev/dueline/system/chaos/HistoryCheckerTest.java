package dev.dueline.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.chaos.History.Acked;
import dev.dueline.system.chaos.History.Answer;
import dev.dueline.system.chaos.History.Canceled;
import dev.dueline.system.chaos.History.Connected;
import dev.dueline.system.chaos.History.Delivered;
import dev.dueline.system.chaos.History.Disconnected;
import dev.dueline.system.chaos.History.Drained;
import dev.dueline.system.chaos.History.Extended;
import dev.dueline.system.chaos.History.Nacked;
import dev.dueline.system.chaos.History.Remains;
import dev.dueline.system.chaos.History.Scheduled;
import org.junit.jupiter.api.Test;

/** Each rule holds for a good history, and can fail. */
class HistoryCheckerTest {
  private final History history = new History();

  HistoryCheckerTest() {
    history.add(new Connected("w", 1, false));
    history.add(new Connected("r", 1, true));
    history.add(scheduled("a", Answer.YES, 0));
  }

  @Test
  void aJobThatIsDeliveredAndAcknowledgedBreaksNothing() {
    deliver("w", "t1", 1, 1_000, 31_000);
    ack("t1", 1_010, Answer.YES);
    assertThat(HistoryChecker.check(history).broken()).isEmpty();
  }

  @Test
  void aJobThatIsStillThereIsNotLost() {
    history.add(new Remains("a", "dead"));
    assertThat(HistoryChecker.check(history).broken()).isEmpty();
  }

  @Test
  void aJobThatNobodyEndedIsLost() {
    deliver("w", "t1", 1, 1_000, 31_000);
    ack("t1", 1_010, Answer.NO);
    assertBroken("lost");
  }

  @Test
  void aJobThatComesBeforeItIsDueIsEarly() {
    deliver("w", "t1", 1, 999, 31_000);
    ack("t1", 1_010, Answer.YES);
    assertBroken("early");
  }

  @Test
  void aJobMustNotComeAfterItsAck() {
    deliver("w", "t1", 1, 1_000, 1_100);
    ack("t1", 1_010, Answer.YES);
    deliver("w", "t2", 2, 1_200, 31_000);
    assertBroken("after its end");
  }

  @Test
  void aJobMustNotComeAfterItsCancel() {
    history.add(new Canceled("a", false, 900_000, 950_000, Answer.YES));
    deliver("w", "t1", 1, 1_000, 31_000);
    assertBroken("after its end");
  }

  @Test
  void aJobMayComeAfterACancelThatWasNotGranted() {
    history.add(new Canceled("a", false, 900_000, 950_000, Answer.NO));
    deliver("w", "t1", 1, 1_000, 31_000);
    ack("t1", 1_010, Answer.YES);
    assertThat(HistoryChecker.check(history).broken()).isEmpty();
  }

  @Test
  void twoHoldersAtATimeBreakTheLease() {
    deliver("w", "t1", 1, 1_000, 3_000);
    deliver("r", "t2", 2, 2_999, 5_000);
    ack("t2", 4_000, Answer.YES);
    assertBroken("two holders");
  }

  @Test
  void anotherHolderIsRightOnceTheLeaseRanOut() {
    deliver("w", "t1", 1, 1_000, 3_000);
    deliver("r", "t2", 2, 3_000, 5_000);
    ack("t2", 4_000, Answer.YES);
    assertThat(HistoryChecker.check(history).broken()).isEmpty();
  }

  @Test
  void anotherHolderIsWrongWhileAnExtendedLeaseRuns() {
    deliver("w", "t1", 1, 1_000, 3_000);
    history.add(new Extended("t1", 2_000_000, 2_001_000, Answer.YES, 6_000));
    deliver("r", "t2", 2, 3_500, 5_000);
    ack("t2", 4_000, Answer.YES);
    assertBroken("two holders");
  }

  @Test
  void anotherHolderIsRightAfterANack() {
    deliver("w", "t1", 1, 1_000, 3_000);
    history.add(new Nacked("t1", 1_500_000, Answer.UNKNOWN));
    deliver("r", "t2", 2, 1_600, 5_000);
    ack("t2", 4_000, Answer.YES);
    assertThat(HistoryChecker.check(history).broken()).isEmpty();
  }

  @Test
  void anotherHolderIsRightAfterADisconnectThatReleases() {
    deliver("r", "t1", 1, 1_000, 3_000);
    history.add(new Disconnected("r", 1_500_000));
    deliver("w", "t2", 2, 1_600, 5_000);
    ack("t2", 4_000, Answer.YES);
    assertThat(HistoryChecker.check(history).broken()).isEmpty();
  }

  @Test
  void anotherHolderIsRightOnceTheReplicaIsGoneThoughTheStreamIsSeenToEndLater() {
    deliver("r", "t1", 1, 1_000, 3_000);
    history.add(new Drained("r", 1_500_000));
    deliver("w", "t2", 2, 1_600, 5_000);
    history.add(new Disconnected("r", 1_700_000));
    ack("t2", 4_000, Answer.YES);
    assertThat(HistoryChecker.check(history).broken()).isEmpty();
  }

  @Test
  void anotherHolderIsWrongBeforeTheReplicaGoesAway() {
    deliver("r", "t1", 1, 1_000, 3_000);
    deliver("w", "t2", 2, 1_600, 5_000);
    history.add(new Drained("r", 1_650_000));
    ack("t2", 4_000, Answer.YES);
    assertBroken("two holders");
  }

  @Test
  void anotherHolderIsWrongAfterADisconnectThatKeepsTheLease() {
    deliver("w", "t1", 1, 1_000, 3_000);
    history.add(new Disconnected("w", 1_500_000));
    deliver("r", "t2", 2, 1_600, 5_000);
    ack("t2", 4_000, Answer.YES);
    assertBroken("two holders");
  }

  @Test
  void anAckOfAStaleHolderMustNotCount() {
    deliver("w", "t1", 1, 1_000, 3_000);
    deliver("r", "t2", 2, 3_000, 5_000);
    ack("t1", 3_500, Answer.YES);
    assertBroken("a stale Ack");
  }

  @Test
  void aRefusalThatNobodyShouldGetIsReported() {
    history.add(new Remains("a", "dead"));
    history.add(new History.Refused("INTERNAL"));
    assertBroken("Refused");
  }

  @Test
  void attemptsMustNotFall() {
    deliver("w", "t1", 2, 1_000, 3_000);
    deliver("r", "t2", 1, 3_000, 5_000);
    ack("t2", 4_000, Answer.YES);
    assertBroken("attempts fall");
  }

  @Test
  void aTokenMustNotComeTwice() {
    deliver("w", "t1", 1, 1_000, 3_000);
    deliver("r", "t1", 2, 3_000, 5_000);
    ack("t1", 4_000, Answer.YES);
    assertBroken("a token twice");
  }

  @Test
  void aWatcherMustNotHoldMoreThanItAskedFor() {
    history.add(scheduled("b", Answer.YES, 0));
    deliver("w", "t1", 1, 1_000, 3_000);
    history.add(new Delivered("b", "w", "t2", 1, 1_000, 1_001, 3_000, 1_001_000));
    ack("t1", 2_000, Answer.YES);
    ack("t2", 2_000, Answer.YES);
    assertBroken("2 out of 1");
  }

  @Test
  void aJobThatWasRefusedMustNotCome() {
    history.add(scheduled("b", Answer.NO, 0));
    history.add(new Delivered("b", "w", "t2", 1, 1_000, 1_001, 3_000, 1_001_000));
    ack("t2", 1_100, Answer.YES);
    assertBroken("refused, but delivered");
  }

  @Test
  void aJobMustNotFallDueBeforeItWasAskedFor() {
    history.add(new Remains("a", "dead"));
    history.add(new Scheduled("b", Answer.UNKNOWN, false, 1_002, 0, 1, 0, 0, 500_000));
    history.add(new Delivered("b", "w", "t2", 1, 1_000, 1_001, 3_000, 1_001_000));
    assertBroken("early");
  }

  private static Scheduled scheduled(String job, Answer answer, int unanswered) {
    return new Scheduled(job, answer, false, 1_000, 1_000, unanswered, 0, 0, 500_000);
  }

  private void deliver(String watcher, String token, int attempt, long dispatchMs, long expiryMs) {
    history.add(
        new Delivered(
            "a", watcher, token, attempt, 1_000, dispatchMs, expiryMs, dispatchMs * 1_000));
  }

  private void ack(String token, long atMs, Answer answer) {
    history.add(new Acked(token, atMs * 1_000 - 500, atMs * 1_000, answer));
  }

  private void assertBroken(String words) {
    assertThat(HistoryChecker.check(history).broken()).anyMatch(line -> line.contains(words));
  }
}
