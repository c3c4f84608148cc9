package dev.dueline.system.chaos;

import dev.dueline.system.chaos.History.Answer;
import dev.dueline.system.chaos.History.Canceled;
import dev.dueline.system.chaos.History.Delivered;
import java.util.List;

/** How often a job lives: once for a request id, and no longer than until its Cancel. */
final class LifeRules {
  /**
   * For what was sent before the verdict to reach a client that is slow, in us. What comes later
   * was kept by a replica that stood still.
   */
  private static final long ON_THE_WAY_US = 1_000_000;

  private final Facts facts;
  private final Verdict verdict;

  LifeRules(Facts facts, Verdict verdict) {
    this.facts = facts;
    this.verdict = verdict;
  }

  void check() {
    facts
        .deliveries()
        .forEach(
            (job, all) -> {
              nothingArrivesAfterItsCancel(job, all);
              if (facts.hasRequestId(job)) {
                aRequestRunsOnce(job, all);
              }
            });
  }

  /** What was leased before, too: a replica may have stood still with it. */
  private void nothingArrivesAfterItsCancel(String job, List<Delivered> all) {
    if (facts.spareLives(job) > 0) {
      return;
    }
    for (Canceled cancel : facts.cancels(job)) {
      for (Delivered delivery : all) {
        // What was leased after it is told by another rule.
        if (cancel.answer() == Answer.YES
            && delivery.dispatchMs() * 1_000 <= cancel.returnedUs()
            && delivery.receivedUs() > cancel.returnedUs() + ON_THE_WAY_US) {
          verdict.breaksUnlessForgotten(
              "arrives after its Cancel", cancel.returnedUs(), delivery + " " + cancel);
        }
      }
    }
  }

  /**
   * A lease that ends by itself counts as a failed attempt; so a delivery that does not count what
   * was before it is of a job that was stored anew, although its request was known.
   */
  private void aRequestRunsOnce(String job, List<Delivered> all) {
    for (int i = 1; i < all.size(); i++) {
      Delivered first = all.get(i - 1);
      Delivered second = all.get(i);
      boolean isAnew =
          second.attempt() <= first.attempt()
              && !facts.mayHaveBeenGivenBack(first, second.dispatchMs());
      if (isAnew && facts.spareLives(job) == 0) {
        verdict.breaksUnlessForgotten(
            "a request ran twice", first.dispatchMs() * 1_000, first + " and " + second);
      }
    }
  }
}
