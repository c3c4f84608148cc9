package dev.dueline.system.chaos;

import dev.dueline.system.chaos.History.Answer;
import dev.dueline.system.chaos.History.Delivered;
import dev.dueline.system.chaos.History.Disturbed;
import dev.dueline.system.chaos.History.Scheduled;
import dev.dueline.system.chaos.History.StopAsked;
import dev.dueline.system.chaos.History.Stopped;
import java.util.List;
import java.util.Map;

/** What StopWatch promises to a worker that ends, and to those that wait for its jobs. */
final class StopRules {
  private final History history;
  private final Facts facts;
  private final Verdict verdict;
  private final List<Disturbed> disturbances;

  StopRules(History history, Facts facts, Verdict verdict) {
    this.history = history;
    this.facts = facts;
    this.verdict = verdict;
    this.disturbances = history.all(Disturbed.class);
  }

  void check() {
    Map<String, List<Delivered>> byWatcher =
        Facts.by(history.all(Delivered.class), Delivered::watcher);
    for (StopAsked stop : history.all(StopAsked.class)) {
      for (Delivered delivery : byWatcher.getOrDefault(stop.watcher(), List.of())) {
        if (stop.answer() == Answer.YES && delivery.dispatchMs() * 1_000 > stop.returnedUs()) {
          verdict.breaks("given to a watch that was stopped: " + delivery + " " + stop);
        }
      }
    }
    for (Stopped stopped : history.all(Stopped.class)) {
      for (Delivered delivery : byWatcher.getOrDefault(stopped.watcher(), List.of())) {
        if (delivery.receivedUs() > stopped.atUs()) {
          verdict.breaks("behind Stopped: " + delivery + " " + stopped);
        }
      }
    }
    nothingIsLeftToItsLease();
  }

  /**
   * In the queue whose workers all end by StopWatch no lease runs out that no worker ever had,
   * unless something went wrong meanwhile: that job would be late by the whole lease.
   */
  private void nothingIsLeftToItsLease() {
    for (Scheduled job : facts.jobs()) {
      if (!job.job().startsWith(Client.STEADY) || facts.spareLives(job.job()) > 0) {
        continue;
      }
      int attempts = 0;
      long sinceUs = job.earliestMs() * 1_000;
      for (Delivered delivery : facts.deliveries(job.job())) {
        if (delivery.attempt() > attempts + 1 && !isDisturbed(sinceUs, delivery)) {
          verdict.breaks("left to its lease: " + delivery + " of " + job);
        }
        attempts = delivery.attempt();
        sinceUs = delivery.dispatchMs() * 1_000;
      }
    }
  }

  private boolean isDisturbed(long sinceUs, Delivered delivery) {
    return disturbances.stream()
        .anyMatch(
            time -> time.fromUs() <= delivery.dispatchMs() * 1_000 && time.untilUs() >= sinceUs);
  }
}
