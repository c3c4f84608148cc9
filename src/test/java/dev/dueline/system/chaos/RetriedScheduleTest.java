package dev.dueline.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.chaos.History.Acked;
import dev.dueline.system.chaos.History.Answer;
import dev.dueline.system.chaos.History.Canceled;
import dev.dueline.system.chaos.History.Connected;
import dev.dueline.system.chaos.History.Delivered;
import dev.dueline.system.chaos.History.Scheduled;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A Schedule that had to be asked again may make its job again, but not more often than that. */
class RetriedScheduleTest {
  private final History history = new History();

  RetriedScheduleTest() {
    history.add(new Connected("w", 9, false));
    history.add(new Scheduled("a", Answer.YES, false, 1_000, 1_000, 1, 0, 0, 500_000));
  }

  @Test
  void aJobMayBeStoredOnceMore() {
    deliver("t1", 1, 1_000);
    ack("t1", 1_010);
    deliver("t2", 1, 1_200);
    ack("t2", 1_210);
    assertThat(broken()).isEmpty();
  }

  @Test
  void aJobMayNotBeStoredTwiceMore() {
    deliver("t1", 1, 1_000);
    ack("t1", 1_010);
    deliver("t2", 1, 1_200);
    ack("t2", 1_210);
    deliver("t3", 1, 1_300);
    assertBroken("after its end");
  }

  @Test
  void aJobMayComeAgainAfterACancel() {
    history.add(new Canceled("a", false, 400_000, 450_000, Answer.YES));
    deliver("t1", 1, 1_000);
    ack("t1", 1_010);
    assertThat(broken()).isEmpty();
  }

  @Test
  void aJobHasOneHolderAtATime() {
    deliver("t1", 1, 1_000);
    deliver("t2", 2, 1_200);
    ack("t2", 1_210);
    assertBroken("two holders");
  }

  @Test
  void anAckOfAnEarlierDeliveryIsStale() {
    deliver("t1", 1, 1_000);
    deliver("t2", 2, 9_000);
    ack("t1", 9_010);
    assertBroken("a stale Ack");
  }

  @Test
  void aJobMayFallDueByTheFirstCallOrTheLast() {
    history.add(new Scheduled("b", Answer.YES, false, 1_000, 5_000, 1, 0, 0, 500_000));
    history.add(new Delivered("b", "w", "t9", 1, 1_000, 1_000, 8_000, 1_000_000));
    history.add(new Acked("t9", 1_100_000, 1_101_000, Answer.YES));
    deliver("t1", 1, 1_000);
    ack("t1", 1_010);
    assertThat(broken()).isEmpty();
  }

  private void deliver(String token, int attempt, long atMs) {
    history.add(new Delivered("a", "w", token, attempt, 1_000, atMs, atMs + 5_000, atMs * 1_000));
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
