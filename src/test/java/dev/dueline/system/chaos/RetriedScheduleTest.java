package dev.dueline.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.chaos.History.Acked;
import dev.dueline.system.chaos.History.Answer;
import dev.dueline.system.chaos.History.Canceled;
import dev.dueline.system.chaos.History.Connected;
import dev.dueline.system.chaos.History.Delivered;
import dev.dueline.system.chaos.History.Scheduled;
import org.junit.jupiter.api.Test;

/** A Schedule that had to be asked again may make its job again, but not more often than that. */
class RetriedScheduleTest {
  private final WrittenHistory history = new WrittenHistory("a");

  RetriedScheduleTest() {
    history.add(new Connected("w", 9, false));
    history.add(new Scheduled("a", Answer.YES, false, 1_000, 1_000, 1, 0, 0, 500_000));
  }

  @Test
  void aJobMayBeStoredOnceMore() {
    history.deliver("t1", 1, 1_000);
    history.ack("t1", 1_010);
    history.deliver("t2", 1, 1_200);
    history.ack("t2", 1_210);
    assertThat(history.broken()).isEmpty();
  }

  @Test
  void aJobMayNotBeStoredTwiceMore() {
    history.deliver("t1", 1, 1_000);
    history.ack("t1", 1_010);
    history.deliver("t2", 1, 1_200);
    history.ack("t2", 1_210);
    history.deliver("t3", 1, 1_300);
    history.assertBroken("after its end");
  }

  @Test
  void aJobMayComeAgainAfterACancel() {
    history.add(new Canceled("a", false, 400_000, 450_000, Answer.YES));
    history.deliver("t1", 1, 1_000);
    history.ack("t1", 1_010);
    assertThat(history.broken()).isEmpty();
  }

  @Test
  void aJobHasOneHolderAtATime() {
    history.deliver("t1", 1, 1_000);
    history.deliver("t2", 2, 1_200);
    history.ack("t2", 1_210);
    history.assertBroken("two holders");
  }

  @Test
  void anAckOfAnEarlierDeliveryIsStale() {
    history.deliver("t1", 1, 1_000);
    history.deliver("t2", 2, 9_000);
    history.ack("t1", 9_010);
    history.assertBroken("a stale Ack");
  }

  @Test
  void aJobMayFallDueByTheFirstCallOrTheLast() {
    history.add(new Scheduled("b", Answer.YES, false, 1_000, 5_000, 1, 0, 0, 500_000));
    history.add(new Delivered("b", "w", "t9", 1, 1_000, 1_000, 8_000, 1_000_000));
    history.add(new Acked("t9", 1_100_000, 1_101_000, Answer.YES));
    history.deliver("t1", 1, 1_000);
    history.ack("t1", 1_010);
    assertThat(history.broken()).isEmpty();
  }
}
