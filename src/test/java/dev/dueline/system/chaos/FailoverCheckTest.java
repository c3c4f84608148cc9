package dev.dueline.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.dueline.system.chaos.History.Acked;
import dev.dueline.system.chaos.History.Answer;
import dev.dueline.system.chaos.History.Canceled;
import dev.dueline.system.chaos.History.Connected;
import dev.dueline.system.chaos.History.Delivered;
import dev.dueline.system.chaos.History.Extended;
import dev.dueline.system.chaos.History.Failover;
import dev.dueline.system.chaos.History.Flush;
import dev.dueline.system.chaos.History.Full;
import dev.dueline.system.chaos.History.MemoryFull;
import dev.dueline.system.chaos.History.Remains;
import dev.dueline.system.chaos.History.Scheduled;
import org.junit.jupiter.api.Test;

/** A failover explains what was answered in its gap and forgotten, and nothing else. */
class FailoverCheckTest {
  private final History history = new History();

  FailoverCheckTest() {
    history.add(new Connected("w", 9, false));
    history.add(new Failover("KILL", 9_000_000, 10_000_000, 12_000_000));
  }

  @Test
  void aJobOfTheGapMayVanish() {
    schedule(9_500);
    assertExplained(Verdict.LOST, 500);
    assertThat(HistoryChecker.check(history).lostByFault()).containsExactly(entry("KILL", 1));
  }

  @Test
  void aJobFromBeforeTheGapMayNotVanish() {
    schedule(8_999);
    assertBroken("lost");
  }

  @Test
  void aJobFromAfterTheGapMayNotVanish() {
    schedule(12_001);
    assertBroken("lost");
  }

  @Test
  void aJobFromBeforeAFlushMayVanish() {
    history.add(new Flush(19_900_000, 20_000_000));
    schedule(15_000);
    assertThat(HistoryChecker.check(history).broken()).isEmpty();
  }

  @Test
  void aJobThatWasAskedForBeforeAFlushMayVanishWheneverTheAnswerCame() {
    history.add(new Flush(19_900_000, 20_000_000));
    history.add(new Scheduled("a", Answer.YES, false, 0, 0, 0, 19_000_000, 19_950_000, 21_000_000));
    assertThat(HistoryChecker.check(history).broken()).isEmpty();
  }

  @Test
  void aJobThatIsAskedForAgainAfterAFlushMayNotVanish() {
    history.add(new Flush(19_900_000, 20_000_000));
    history.add(new Scheduled("a", Answer.YES, false, 0, 0, 1, 19_000_000, 20_000_001, 21_000_000));
    assertBroken("lost");
  }

  @Test
  void aJobFromAfterAFlushMayNotVanish() {
    history.add(new Flush(19_900_000, 20_000_000));
    schedule(20_002);
    assertBroken("lost");
  }

  @Test
  void aJobAckedBeforeAFlushMayNotComeAgain() {
    history.add(new Flush(19_900_000, 20_000_000));
    schedule(1_000);
    deliver("t1", 1, 15_000, 15_100);
    ack("t1", 15_050);
    deliver("t2", 2, 20_500, 20_600);
    assertBroken("after its end");
  }

  @Test
  void aJobAckedInTheGapMayComeAgain() {
    schedule(1_000);
    deliver("t1", 1, 9_000, 9_100);
    ack("t1", 9_050);
    deliver("t2", 2, 12_500, 20_000);
    ack("t2", 12_510);
    Verdict verdict = HistoryChecker.check(history);
    assertThat(verdict.broken()).isEmpty();
    assertThat(verdict.explained()).containsKeys("after its end", "a stale Ack");
  }

  @Test
  void aJobAckedAfterTheGapMayNotComeAgain() {
    schedule(1_000);
    deliver("t1", 1, 12_100, 12_200);
    ack("t1", 12_150);
    deliver("t2", 2, 12_500, 20_000);
    ack("t2", 12_510);
    assertBroken("after its end");
  }

  @Test
  void aJobThatIsAckedAgainAfterTheGapStaysDone() {
    schedule(1_000);
    deliver("t1", 1, 9_000, 9_100);
    ack("t1", 9_050);
    deliver("t2", 2, 12_500, 12_600);
    ack("t2", 12_510);
    deliver("t3", 3, 12_700, 20_000);
    ack("t3", 12_710);
    assertBroken("after its end");
  }

  @Test
  void aJobCanceledInTheGapMayComeAgain() {
    schedule(1_000);
    history.add(new Canceled("a", false, 9_900_000, 9_990_000, Answer.YES));
    deliver("t1", 1, 12_500, 20_000);
    ack("t1", 12_510);
    assertExplained("after its end", 10);
  }

  @Test
  void aLeaseOfTheGapMayBeGivenToAnother() {
    schedule(1_000);
    deliver("t1", 1, 9_900, 30_000);
    deliver("t2", 1, 12_500, 20_000);
    ack("t2", 12_510);
    assertExplained("two holders", 100);
  }

  @Test
  void aLeaseFromBeforeTheGapMayNotBeGivenToAnother() {
    schedule(1_000);
    deliver("t1", 1, 8_900, 30_000);
    deliver("t2", 2, 12_500, 20_000);
    ack("t2", 12_510);
    assertBroken("two holders");
  }

  @Test
  void anExtensionOfTheGapMayBeForgotten() {
    schedule(1_000);
    deliver("t1", 1, 8_000, 11_000);
    history.add(new Extended("t1", 9_900_000, 9_950_000, Answer.YES, 30_000));
    deliver("t2", 2, 12_500, 20_000);
    ack("t2", 12_510);
    assertExplained("two holders", 50);
  }

  @Test
  void anAttemptOfTheGapMayBeForgotten() {
    schedule(1_000);
    deliver("t1", 2, 9_900, 11_900);
    deliver("t2", 1, 12_500, 20_000);
    ack("t2", 12_510);
    assertExplained("attempts fall", 100);
  }

  @Test
  void aLeaseOfTheGapNeedNotCountAsOutstanding() {
    moreThanAskedFor(9_500);
    assertExplained("more than asked for", 500);
  }

  @Test
  void aLeaseFromBeforeTheGapCountsAsOutstanding() {
    moreThanAskedFor(8_500);
    assertBroken("2 out of 1");
  }

  /** Two jobs for a watcher that asked for one, the second after the gap. */
  private void moreThanAskedFor(long firstMs) {
    history.add(new Connected("one", 1, false));
    history.add(new Delivered("x", "one", "t8", 1, 1_000, firstMs, 60_000, firstMs * 1_000));
    history.add(new Delivered("y", "one", "t9", 1, 1_000, 12_500, 60_000, 12_500_000));
  }

  @Test
  void outOfMemoryIsAnAnswerOnlyWhileThereIsNone() {
    history.add(new MemoryFull(5_000_000, 6_000_000));
    history.add(new Full("Schedule", 4_900_000, 5_100_000));
    assertThat(HistoryChecker.check(history).broken()).isEmpty();
    history.add(new Full("Schedule", 6_100_000, 6_200_000));
    assertBroken("out of memory");
  }

  @Test
  void aJobThatIsStillThereIsNotLost() {
    schedule(1_000);
    history.add(new Remains("a", "dead"));
    assertThat(HistoryChecker.check(history).broken()).isEmpty();
  }

  private void schedule(long answeredMs) {
    history.add(
        new Scheduled(
            "a",
            Answer.YES,
            false,
            1_000,
            1_000,
            0,
            0,
            answeredMs * 1_000 - 500,
            answeredMs * 1_000));
  }

  private void deliver(String token, int attempt, long atMs, long expiryMs) {
    history.add(new Delivered("a", "w", token, attempt, 1_000, atMs, expiryMs, atMs * 1_000));
  }

  private void ack(String token, long atMs) {
    history.add(new Acked(token, atMs * 1_000 - 500, atMs * 1_000, Answer.YES));
  }

  private void assertExplained(String kind, long distanceMs) {
    Verdict verdict = HistoryChecker.check(history);
    assertThat(verdict.broken()).isEmpty();
    assertThat(verdict.explained()).containsOnly(entry(kind, 1));
    assertThat(verdict.greatestDistanceMs()).isEqualTo(distanceMs);
  }

  private void assertBroken(String words) {
    assertThat(HistoryChecker.check(history).broken()).anyMatch(line -> line.contains(words));
  }
}
