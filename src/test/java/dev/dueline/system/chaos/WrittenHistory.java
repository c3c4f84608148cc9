package dev.dueline.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.chaos.History.Acked;
import dev.dueline.system.chaos.History.Answer;
import dev.dueline.system.chaos.History.Delivered;
import dev.dueline.system.chaos.History.Event;
import java.util.List;

/** A history that a test writes, most of it of one job, which is due at 1 s and leased for 5 s. */
final class WrittenHistory {
  private static final String WATCHER = "w";

  private final History history = new History();
  private final String job;

  WrittenHistory(String job) {
    this.job = job;
  }

  void add(Event event) {
    history.add(event);
  }

  void deliver(String token, int attempt, long atMs) {
    deliver(job, WATCHER, token, attempt, atMs);
  }

  void deliverTo(String watcher, String token, int attempt, long atMs) {
    deliver(job, watcher, token, attempt, atMs);
  }

  void deliverOf(String other, String token, int attempt, long atMs) {
    deliver(other, WATCHER, token, attempt, atMs);
  }

  private void deliver(String of, String watcher, String token, int attempt, long atMs) {
    add(new Delivered(of, watcher, token, attempt, 1_000, atMs, atMs + 5_000, atMs * 1_000));
  }

  void ack(String token, long atMs) {
    add(new Acked(token, atMs * 1_000 - 500, atMs * 1_000, Answer.YES));
  }

  List<String> broken() {
    return HistoryChecker.check(history).broken();
  }

  void assertBroken(String words) {
    assertThat(broken()).anyMatch(line -> line.contains(words));
  }
}
