package dev.dueline.system.chaos;

import dev.dueline.system.chaos.History.Acked;
import dev.dueline.system.chaos.History.Answer;
import dev.dueline.system.chaos.History.Canceled;
import dev.dueline.system.chaos.History.Delivered;
import dev.dueline.system.chaos.History.Extended;
import dev.dueline.system.chaos.History.Failover;
import dev.dueline.system.chaos.History.Flush;
import dev.dueline.system.chaos.History.Full;
import dev.dueline.system.chaos.History.MemoryFull;
import dev.dueline.system.chaos.History.Refused;
import dev.dueline.system.chaos.History.Remains;
import dev.dueline.system.chaos.History.Scheduled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Reads a history and names every promise that it breaks.
 *
 * <p>A Schedule without a request id that had to be asked again may have made its job more than
 * once: each call without an answer gives the job a life to spare.
 */
final class HistoryChecker {
  private final History history;
  private final Facts facts;
  private final Verdict verdict;

  private HistoryChecker(History history) {
    this.history = history;
    this.facts = new Facts(history);
    this.verdict = new Verdict(history.all(Failover.class));
  }

  /** What the history shows. */
  static Verdict check(History history) {
    HistoryChecker checker = new HistoryChecker(history);
    checker.nothingIsEarly();
    checker.nothingIsLost();
    checker.nothingComesThatWasRefused();
    checker.nothingComesAfterItsEnd();
    checker.oneHolderAtATime();
    checker.attemptsGrow();
    checker.tokensAreUnique();
    checker.noMoreThanAskedFor();
    checker.onlyTheLastHolderEndsAJob();
    checker.nothingIsFullWithoutReason();
    new LifeRules(checker.facts, checker.verdict).check();
    new StopRules(history, checker.facts, checker.verdict).check();
    history.all(Refused.class).forEach(refused -> checker.verdict.breaks(refused.toString()));
    return checker.verdict;
  }

  private void nothingIsEarly() {
    for (Scheduled job : facts.jobs()) {
      for (Delivered delivery : facts.deliveries(job.job())) {
        // The due time that was answered may be that of a later life.
        long answeredMs = facts.isDueTimeKnown(job) ? job.dueMs() : 0;
        long dueMs =
            facts.isSteppedSince(job, delivery)
                ? delivery.dueMs()
                : LongStream.of(job.earliestMs(), answeredMs, delivery.dueMs()).max().orElseThrow();
        if (delivery.dispatchMs() < dueMs || delivery.receivedUs() < dueMs * 1_000) {
          verdict.breaks("early: " + delivery + " of " + job);
        }
      }
    }
  }

  private void nothingIsLost() {
    Set<String> remaining =
        history.all(Remains.class).stream()
            .filter(remains -> remains.state().equals("dead"))
            .map(Remains::job)
            .collect(Collectors.toSet());
    for (Scheduled job : facts.jobs()) {
      boolean isLost =
          job.answer() == Answer.YES
              && !remaining.contains(job.job())
              && !facts.mayHaveEnded(job.job());
      if (isLost && !isFlushed(job)) {
        verdict.breaksUnlessForgotten(Verdict.LOST, job.returnedUs(), job.toString());
      }
    }
  }

  private boolean isFlushed(Scheduled job) {
    // A call that is under way may be done before it, whenever its answer comes.
    return history.all(Flush.class).stream()
        .anyMatch(flush -> job.lastCalledUs() <= flush.untilUs());
  }

  private void nothingComesThatWasRefused() {
    for (Scheduled job : facts.jobs()) {
      boolean isRefused = job.answer() == Answer.NO && job.unanswered() == 0;
      if (isRefused && !facts.deliveries(job.job()).isEmpty()) {
        verdict.breaks("refused, but delivered: " + job);
      }
    }
  }

  private void nothingComesAfterItsEnd() {
    facts
        .deliveries()
        .forEach(
            (job, all) -> {
              long lastMs = all.get(all.size() - 1).dispatchMs();
              int spare = facts.spareLives(job);
              for (long endUs : endsUs(job, all)) {
                if (lastMs <= endUs / 1_000) {
                  return;
                }
                if (spare > 0) {
                  spare--;
                } else if (!verdict.isForgotten("after its end", endUs)) {
                  verdict.breaks("after its end at " + endUs + ": " + all);
                  return;
                }
              }
            });
  }

  /** When it was surely done or canceled, in order. */
  private long[] endsUs(String job, List<Delivered> all) {
    Stream<Long> canceled =
        facts.cancels(job).stream()
            .filter(call -> call.answer() == Answer.YES)
            .map(Canceled::returnedUs);
    Stream<Long> acked =
        all.stream()
            .flatMap(delivery -> facts.acks(delivery).stream())
            .filter(ack -> ack.answer() == Answer.YES)
            .map(Acked::returnedUs);
    return Stream.concat(canceled, acked).mapToLong(Long::longValue).sorted().toArray();
  }

  private void onlyTheLastHolderEndsAJob() {
    facts
        .deliveries()
        .forEach(
            (job, all) -> {
              for (int i = 0; i < all.size() - 1; i++) {
                checkAck(all.get(i), all.get(i + 1).dispatchMs());
              }
            });
  }

  /** A job with a life to spare may be done, and come to be again while the answer travels. */
  private void checkAck(Delivered delivery, long nextMs) {
    boolean hasSpare = facts.spareLives(delivery.job()) > 0;
    for (Acked ack : facts.acks(delivery)) {
      boolean isStale = !hasSpare || ack.calledUs() / 1_000 > nextMs;
      if (ack.answer() == Answer.YES && isStale) {
        verdict.breaksUnlessForgotten("a stale Ack", ack.returnedUs(), delivery + " " + ack);
      }
    }
  }

  private void oneHolderAtATime() {
    eachPair(
        (first, second) -> {
          boolean isFree =
              facts.mayHaveBeenGivenBack(first, second.dispatchMs())
                  || isAnotherLife(first, second);
          if (!isFree && facts.surelyUntilMs(first) > second.dispatchMs()) {
            verdict.breaksUnlessForgotten(
                "two holders", leasedUs(first, second), first + " and " + second);
          }
        });
  }

  /** When the write was answered that let the first hold the job for longer than it did. */
  private long leasedUs(Delivered first, Delivered second) {
    if (first.expiryMs() > second.dispatchMs()) {
      return first.dispatchMs() * 1_000;
    }
    return facts.extensions(first).stream()
        .filter(call -> call.answer() == Answer.YES && call.expiryMs() > second.dispatchMs())
        .mapToLong(Extended::returnedUs)
        .max()
        .orElseThrow();
  }

  private void attemptsGrow() {
    eachPair(
        (first, second) -> {
          if (second.attempt() < first.attempt() && !isAnotherLife(first, second)) {
            verdict.breaksUnlessForgotten(
                "attempts fall", first.dispatchMs() * 1_000, first + " and " + second);
          }
        });
  }

  private boolean isAnotherLife(Delivered first, Delivered second) {
    return facts.spareLives(first.job()) > 0 && facts.mayHaveEndedBy(first, second.dispatchMs());
  }

  /** Two deliveries of a job, one after the other. */
  private interface Pair {
    void check(Delivered first, Delivered second);
  }

  private void eachPair(Pair pair) {
    for (List<Delivered> all : facts.deliveries().values()) {
      for (int i = 1; i < all.size(); i++) {
        pair.check(all.get(i - 1), all.get(i));
      }
    }
  }

  private void tokensAreUnique() {
    Set<String> seen = new HashSet<>();
    for (Delivered delivery : history.all(Delivered.class)) {
      if (!seen.add(delivery.token())) {
        verdict.breaks("a token twice: " + delivery);
      }
    }
  }

  private void noMoreThanAskedFor() {
    Map<String, List<Delivered>> byWatcher =
        Facts.by(history.all(Delivered.class, Delivered::receivedUs), Delivered::watcher);
    byWatcher.forEach(
        (watcher, received) -> {
          int most = facts.maxOutstanding(watcher);
          List<Delivered> out = new ArrayList<>();
          for (Delivered delivery : received) {
            out.removeIf(earlier -> facts.mayBeOffTheBooksBy(earlier, delivery.dispatchMs()));
            out.add(delivery);
            if (out.size() > most) {
              tooMany(out, most, watcher);
            }
          }
        });
  }

  /** A service that asks for a lease which was forgotten is told that it ended. */
  private void tooMany(List<Delivered> out, int most, String watcher) {
    List<Long> forgotten =
        out.stream()
            .flatMapToLong(delivery -> verdict.inGaps(facts.leasedUs(delivery)).limit(1))
            .boxed()
            .toList();
    if (out.size() - forgotten.size() > most) {
      verdict.breaks(out.size() + " out of " + most + " for " + watcher + ": " + out);
    } else {
      verdict.isForgotten("more than asked for", forgotten.get(0));
    }
  }

  private void nothingIsFullWithoutReason() {
    List<MemoryFull> times = history.all(MemoryFull.class);
    for (Full full : history.all(Full.class)) {
      boolean isExpected =
          times.stream()
              .anyMatch(
                  time -> full.calledUs() <= time.untilUs() && full.returnedUs() >= time.fromUs());
      if (!isExpected) {
        verdict.breaks("out of memory, but it was not: " + full);
      }
    }
  }
}
