package dev.dueline.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.chaos.History.Acked;
import dev.dueline.system.chaos.History.Answer;
import dev.dueline.system.chaos.History.Canceled;
import dev.dueline.system.chaos.History.Connected;
import dev.dueline.system.chaos.History.Delivered;
import dev.dueline.system.chaos.History.Flush;
import dev.dueline.system.chaos.History.Nacked;
import dev.dueline.system.chaos.History.Scheduled;
import org.junit.jupiter.api.Test;

/** A Schedule with a request id makes its job once, however often it had to be asked. */
class RequestIdCheckTest {
  private final WrittenHistory history = new WrittenHistory("a");

  RequestIdCheckTest() {
    history.add(new Connected("w", 9, false));
    history.add(new Scheduled("a", Answer.YES, true, 1_000, 1_000, 3, 400_000, 450_000, 500_000));
  }

  @Test
  void aJobThatIsDeliveredAndAcknowledgedBreaksNothing() {
    history.deliver("t1", 1, 1_000);
    history.ack("t1", 1_010);
    assertThat(history.broken()).isEmpty();
  }

  @Test
  void aJobMayNotBeStoredOnceMore() {
    history.deliver("t1", 1, 1_000);
    history.ack("t1", 1_010);
    history.deliver("t2", 1, 1_200);
    history.ack("t2", 1_210);
    history.assertBroken("after its end");
    history.assertBroken("a request ran twice");
  }

  @Test
  void aJobWhoseAckWasNotAnsweredMayNotBeStoredOnceMore() {
    history.deliver("t1", 1, 1_000);
    history.add(new Acked("t1", 1_010_000, 1_011_000, Answer.UNKNOWN));
    history.deliver("t2", 1, 9_000);
    history.ack("t2", 9_010);
    history.assertBroken("a request ran twice");
  }

  @Test
  void aJobMayComeAgainOnceItsLeaseRanOut() {
    history.deliver("t1", 1, 1_000);
    history.deliver("t2", 2, 9_000);
    history.ack("t2", 9_010);
    assertThat(history.broken()).isEmpty();
  }

  @Test
  void aJobThatIsGivenBackUncountedKeepsItsAttempt() {
    history.deliver("t1", 1, 1_000);
    history.add(new Nacked("t1", 1_500_000, Answer.YES));
    history.deliver("t2", 1, 1_600);
    history.ack("t2", 1_610);
    assertThat(history.broken()).isEmpty();
  }

  @Test
  void aJobMayNotComeAgainAfterACancel() {
    history.add(new Canceled("a", false, 400_000, 450_000, Answer.YES));
    history.deliver("t1", 1, 1_000);
    history.assertBroken("after its end");
  }

  @Test
  void aJobThatWasOnItsWayMayArriveJustAfterItsCancel() {
    history.add(new Canceled("a", true, 1_050_000, 1_100_000, Answer.YES));
    arrive(1_500);
    assertThat(history.broken()).isEmpty();
  }

  @Test
  void aReplicaThatStoodStillMayNotSendAJobAfterItsCancel() {
    history.add(new Canceled("a", true, 1_050_000, 1_100_000, Answer.YES));
    arrive(4_000);
    history.assertBroken("arrives after its Cancel");
  }

  @Test
  void aRequestThatAFlushForgotMayBeCarriedOutOnceMore() {
    history.deliver("t1", 1, 1_000);
    history.ack("t1", 1_010);
    history.add(new Flush(1_020_000, 1_030_000));
    history.add(
        new Scheduled("b", Answer.YES, true, 1_000, 1_500, 2, 400_000, 1_050_000, 1_100_000));
    history.deliverOf("b", "t2", 1, 1_000);
    history.add(new Acked("t2", 1_005_000, 1_006_000, Answer.YES));
    history.deliverOf("b", "t3", 1, 1_500);
    history.add(new Acked("t3", 1_505_000, 1_506_000, Answer.YES));
    assertThat(history.broken()).isEmpty();
  }

  @Test
  void aLeaseThatAFlushEndedMayBeOfAnEarlierLife() {
    history.add(new Flush(1_020_000, 1_030_000));
    history.add(
        new Scheduled("b", Answer.YES, true, 1_000, 1_000, 2, 400_000, 1_050_000, 1_100_000));
    history.deliverOf("b", "t2", 2, 1_000);
    history.deliverOf("b", "t3", 1, 1_100);
    history.add(new Acked("t3", 1_505_000, 1_506_000, Answer.YES));
    history.deliver("t1", 1, 1_000);
    history.ack("t1", 1_010);
    assertThat(history.broken()).isEmpty();
  }

  /** A job that was leased before it was canceled. */
  private void arrive(long receivedMs) {
    history.add(new Delivered("a", "w", "t1", 1, 1_000, 1_000, 6_000, receivedMs * 1_000));
  }
}
