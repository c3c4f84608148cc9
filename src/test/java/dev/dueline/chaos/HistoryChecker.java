package dev.dueline.chaos;

import dev.dueline.chaos.History.Acked;
import dev.dueline.chaos.History.Answer;
import dev.dueline.chaos.History.Canceled;
import dev.dueline.chaos.History.Connected;
import dev.dueline.chaos.History.Delivered;
import dev.dueline.chaos.History.Disconnected;
import dev.dueline.chaos.History.Extended;
import dev.dueline.chaos.History.Nacked;
import dev.dueline.chaos.History.Refused;
import dev.dueline.chaos.History.Remains;
import dev.dueline.chaos.History.Scheduled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a history and names every promise that it breaks. */
final class HistoryChecker {
  private final History history;
  private final Map<String, List<Delivered>> deliveries;
  private final Map<String, List<Acked>> acks;
  private final Map<String, List<Nacked>> nacks;
  private final Map<String, List<Extended>> extensions;
  private final Map<String, List<Canceled>> cancels;
  private final Map<String, Connected> watchers;
  private final Map<String, Disconnected> disconnects;
  private final List<String> broken = new ArrayList<>();

  private HistoryChecker(History history) {
    this.history = history;
    this.deliveries = by(history.all(Delivered.class, Delivered::dispatchMs), Delivered::job);
    this.acks = by(history.all(Acked.class), Acked::token);
    this.nacks = by(history.all(Nacked.class), Nacked::token);
    this.extensions = by(history.all(Extended.class), Extended::token);
    this.cancels = by(history.all(Canceled.class), Canceled::job);
    this.watchers =
        history.all(Connected.class).stream()
            .collect(Collectors.toMap(Connected::watcher, Function.identity()));
    this.disconnects =
        history.all(Disconnected.class).stream()
            .collect(Collectors.toMap(Disconnected::watcher, Function.identity(), (a, b) -> a));
  }

  /** Every broken promise, in words; empty: all were kept. */
  static List<String> check(History history) {
    HistoryChecker checker = new HistoryChecker(history);
    checker.nothingIsEarly();
    checker.nothingIsLost();
    checker.nothingComesAfterItsEnd();
    checker.oneHolderAtATime();
    checker.tokensAreUnique();
    checker.noMoreThanAskedFor();
    checker.onlyTheLastHolderEndsAJob();
    history.all(Refused.class).forEach(refused -> checker.broken.add(refused.toString()));
    return checker.broken;
  }

  private void nothingIsEarly() {
    for (Scheduled job : history.all(Scheduled.class)) {
      for (Delivered delivery : deliveries.getOrDefault(job.job(), List.of())) {
        long dueMs = Math.max(job.dueMs(), delivery.dueMs());
        if (delivery.dispatchMs() < dueMs || delivery.receivedUs() < dueMs * 1_000) {
          broken.add("early: " + delivery + " of " + job);
        }
      }
    }
  }

  private void nothingIsLost() {
    Set<String> remaining =
        history.all(Remains.class).stream().map(Remains::job).collect(Collectors.toSet());
    for (Scheduled job : history.all(Scheduled.class)) {
      if (job.answer() == Answer.YES
          && !remaining.contains(job.job())
          && !mayHaveEnded(job.job())) {
        broken.add("lost: " + job);
      }
    }
  }

  private boolean mayHaveEnded(String job) {
    boolean isCanceled =
        cancels.getOrDefault(job, List.of()).stream().anyMatch(call -> call.answer() != Answer.NO);
    return isCanceled
        || deliveries.getOrDefault(job, List.of()).stream()
            .flatMap(delivery -> acks.getOrDefault(delivery.token(), List.of()).stream())
            .anyMatch(ack -> ack.answer() != Answer.NO);
  }

  private void nothingComesAfterItsEnd() {
    deliveries.forEach(
        (job, all) -> {
          Stream<Long> canceled =
              cancels.getOrDefault(job, List.of()).stream()
                  .filter(call -> call.answer() == Answer.YES)
                  .map(Canceled::returnedUs);
          Stream<Long> acked =
              all.stream()
                  .flatMap(delivery -> acks.getOrDefault(delivery.token(), List.of()).stream())
                  .filter(ack -> ack.answer() == Answer.YES)
                  .map(Acked::returnedUs);
          long endUs = Stream.concat(canceled, acked).min(Long::compare).orElse(Long.MAX_VALUE);
          all.stream()
              .filter(delivery -> delivery.dispatchMs() > endUs / 1_000)
              .forEach(delivery -> broken.add("after its end at " + endUs + ": " + delivery));
        });
  }

  private void onlyTheLastHolderEndsAJob() {
    for (List<Delivered> all : deliveries.values()) {
      long lastMs = all.get(all.size() - 1).dispatchMs();
      for (Delivered delivery : all) {
        boolean isAcked =
            acks.getOrDefault(delivery.token(), List.of()).stream()
                .anyMatch(ack -> ack.answer() == Answer.YES);
        if (isAcked && delivery.dispatchMs() < lastMs) {
          broken.add("a stale Ack: " + delivery);
        }
      }
    }
  }

  private void oneHolderAtATime() {
    for (List<Delivered> all : deliveries.values()) {
      for (int i = 1; i < all.size(); i++) {
        Delivered first = all.get(i - 1);
        Delivered second = all.get(i);
        if (!mayHaveBeenGivenBack(first, second.dispatchMs())
            && surelyUntilMs(first) > second.dispatchMs()) {
          broken.add("two holders: " + first + " and " + second);
        }
        if (second.attempt() < first.attempt()) {
          broken.add("attempts fall: " + first + " and " + second);
        }
      }
    }
  }

  private boolean mayHaveBeenGivenBack(Delivered delivery, long byMs) {
    Disconnected end = disconnects.get(delivery.watcher());
    boolean isReleased =
        end != null && watchers.get(delivery.watcher()).isReleasing() && end.atUs() / 1_000 <= byMs;
    return isReleased
        || nacks.getOrDefault(delivery.token(), List.of()).stream()
            .anyMatch(nack -> nack.answer() != Answer.NO && nack.calledUs() / 1_000 <= byMs);
  }

  /** Until when the lease surely lasts, unless it is ended: extensions that were answered count. */
  private long surelyUntilMs(Delivered delivery) {
    return extensions.getOrDefault(delivery.token(), List.of()).stream()
        .filter(extension -> extension.answer() == Answer.YES)
        .mapToLong(Extended::expiryMs)
        .reduce(delivery.expiryMs(), Math::max);
  }

  private void tokensAreUnique() {
    Set<String> seen = new HashSet<>();
    for (Delivered delivery : history.all(Delivered.class)) {
      if (!seen.add(delivery.token())) {
        broken.add("a token twice: " + delivery);
      }
    }
  }

  private void noMoreThanAskedFor() {
    Map<String, List<Delivered>> byWatcher =
        by(history.all(Delivered.class, Delivered::receivedUs), Delivered::watcher);
    byWatcher.forEach(
        (watcher, received) -> {
          int most = watchers.get(watcher).maxOutstanding();
          List<Delivered> out = new ArrayList<>();
          for (Delivered delivery : received) {
            out.removeIf(earlier -> mayHaveEndedBy(earlier, delivery.dispatchMs()));
            out.add(delivery);
            if (out.size() > most) {
              broken.add(out.size() + " out of " + most + " for " + watcher + " at " + delivery);
            }
          }
        });
  }

  private boolean mayHaveEndedBy(Delivered delivery, long byMs) {
    return surelyUntilMs(delivery) <= byMs
        || mayHaveBeenGivenBack(delivery, byMs)
        || acks.getOrDefault(delivery.token(), List.of()).stream()
            .anyMatch(ack -> ack.calledUs() / 1_000 <= byMs)
        || cancels.getOrDefault(delivery.job(), List.of()).stream()
            .anyMatch(call -> call.isForced() && call.calledUs() / 1_000 <= byMs);
  }

  private static <T> Map<String, List<T>> by(List<T> events, Function<T, String> key) {
    Map<String, List<T>> found = new HashMap<>();
    events.forEach(
        event -> found.computeIfAbsent(key.apply(event), name -> new ArrayList<>()).add(event));
    return found;
  }
}
