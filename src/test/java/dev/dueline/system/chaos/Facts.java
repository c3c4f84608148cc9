package dev.dueline.system.chaos;

import dev.dueline.system.chaos.History.Acked;
import dev.dueline.system.chaos.History.Answer;
import dev.dueline.system.chaos.History.Canceled;
import dev.dueline.system.chaos.History.ClockStep;
import dev.dueline.system.chaos.History.Connected;
import dev.dueline.system.chaos.History.Delivered;
import dev.dueline.system.chaos.History.Disconnected;
import dev.dueline.system.chaos.History.Drained;
import dev.dueline.system.chaos.History.Extended;
import dev.dueline.system.chaos.History.Failover;
import dev.dueline.system.chaos.History.Flush;
import dev.dueline.system.chaos.History.Nacked;
import dev.dueline.system.chaos.History.Scheduled;
import dev.dueline.system.chaos.History.StopAsked;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** A history by job, by delivery and by watcher, and what follows from it at a glance. */
final class Facts {
  private final Map<String, Scheduled> jobs;
  private final Map<String, List<Delivered>> deliveries;
  private final Map<String, List<Acked>> acks;
  private final Map<String, List<Nacked>> nacks;
  private final Map<String, List<Extended>> extensions;
  private final Map<String, List<Canceled>> cancels;
  private final Map<String, Connected> watchers;
  private final Map<String, Long> disconnects;
  private final Map<String, Long> drains;
  private final Map<String, Long> stops;
  private final List<Flush> flushes;
  private final List<Failover> failovers;
  private final List<ClockStep> steps;

  Facts(History history) {
    this.jobs =
        history.all(Scheduled.class).stream()
            .collect(Collectors.toMap(Scheduled::job, Function.identity()));
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
            .collect(Collectors.toMap(Disconnected::watcher, Disconnected::atUs, (a, b) -> a));
    this.drains =
        history.all(Drained.class).stream()
            .collect(Collectors.toMap(Drained::watcher, Drained::atUs, (a, b) -> a));
    this.stops =
        history.all(StopAsked.class).stream()
            .collect(Collectors.toMap(StopAsked::watcher, StopAsked::endUs, Math::min));
    this.flushes = history.all(Flush.class);
    this.failovers = history.all(Failover.class);
    this.steps = history.all(ClockStep.class);
  }

  /**
   * How often each job may have come to be beyond the once that was answered: with a request id not
   * at all, but where the memory of the request was deleted while it was still asked for.
   */
  int spareLives(String job) {
    Scheduled scheduled = jobs.get(job);
    if (scheduled == null) {
      return 0;
    }
    return scheduled.hasRequestId()
        ? Math.min(scheduled.unanswered(), flushesDuring(scheduled))
        : scheduled.unanswered();
  }

  private int flushesDuring(Scheduled job) {
    return (int)
        flushes.stream()
            .filter(
                flush -> flush.untilUs() >= job.calledUs() && flush.fromUs() <= job.returnedUs())
            .count();
  }

  /** Whether the due time that was answered is that of each of its lives. */
  boolean isDueTimeKnown(Scheduled job) {
    boolean isForgotten =
        failovers.stream()
            .anyMatch(gap -> gap.untilUs() >= job.calledUs() && gap.fromUs() <= job.returnedUs());
    return job.unanswered() == 0 || job.hasRequestId() && flushesDuring(job) == 0 && !isForgotten;
  }

  /** Whether each call for it had the same request id. */
  boolean hasRequestId(String job) {
    Scheduled scheduled = jobs.get(job);
    return scheduled != null && scheduled.hasRequestId();
  }

  Iterable<Scheduled> jobs() {
    return jobs.values();
  }

  /** Of each job, by time of dispatch. */
  Map<String, List<Delivered>> deliveries() {
    return deliveries;
  }

  List<Delivered> deliveries(String job) {
    return deliveries.getOrDefault(job, List.of());
  }

  List<Acked> acks(Delivered delivery) {
    return acks.getOrDefault(delivery.token(), List.of());
  }

  List<Extended> extensions(Delivered delivery) {
    return extensions.getOrDefault(delivery.token(), List.of());
  }

  List<Canceled> cancels(String job) {
    return cancels.getOrDefault(job, List.of());
  }

  int maxOutstanding(String watcher) {
    return watchers.get(watcher).maxOutstanding();
  }

  boolean mayHaveEnded(String job) {
    return cancels(job).stream().anyMatch(call -> call.answer() != Answer.NO)
        || deliveries(job).stream()
            .flatMap(delivery -> acks(delivery).stream())
            .anyMatch(ack -> ack.answer() != Answer.NO);
  }

  boolean mayHaveBeenGivenBack(Delivered delivery, long byMs) {
    boolean isOver =
        Stream.of(disconnects, drains, stops)
            .flatMap(ends -> Stream.ofNullable(ends.get(delivery.watcher())))
            .anyMatch(endUs -> endUs / 1_000 <= byMs);
    boolean isReleased = isOver && watchers.get(delivery.watcher()).isReleasing();
    return isReleased
        || nacks.getOrDefault(delivery.token(), List.of()).stream()
            .anyMatch(nack -> nack.answer() != Answer.NO && nack.calledUs() / 1_000 <= byMs);
  }

  /** Whether the job may have been done, canceled or deleted, and so have come to be again. */
  boolean mayHaveEndedBy(Delivered delivery, long byMs) {
    boolean isFlushed =
        flushes.stream()
            .anyMatch(
                flush ->
                    flush.fromUs() / 1_000 <= byMs
                        && flush.untilUs() / 1_000 >= delivery.dispatchMs());
    return isFlushed
        || acks(delivery).stream()
            .anyMatch(ack -> ack.answer() != Answer.NO && ack.calledUs() / 1_000 <= byMs)
        || cancels(delivery.job()).stream()
            .anyMatch(call -> call.answer() != Answer.NO && call.calledUs() / 1_000 <= byMs);
  }

  /** Whether the service may no longer count it as with its watcher. */
  boolean mayBeOffTheBooksBy(Delivered delivery, long byMs) {
    return surelyUntilMs(delivery) <= byMs
        || mayHaveBeenGivenBack(delivery, byMs)
        || acks(delivery).stream().anyMatch(ack -> ack.calledUs() / 1_000 <= byMs)
        || cancels(delivery.job()).stream()
            .anyMatch(call -> call.isForced() && call.calledUs() / 1_000 <= byMs);
  }

  /**
   * Until when the lease surely lasts, unless it is ended: extensions that were answered count, and
   * no lease surely outlasts a step of Redis's clock.
   */
  long surelyUntilMs(Delivered delivery) {
    long expiryMs =
        extensions(delivery).stream()
            .filter(extension -> extension.answer() == Answer.YES)
            .mapToLong(Extended::expiryMs)
            .reduce(delivery.expiryMs(), Math::max);
    return steps.stream()
        .filter(step -> step.untilUs() / 1_000 >= delivery.dispatchMs())
        .mapToLong(step -> step.fromUs() / 1_000)
        .reduce(expiryMs, Math::min);
  }

  /**
   * Whether the due time that a caller meant or was told may be another by the clock that is now.
   */
  boolean isSteppedSince(Scheduled job, Delivered delivery) {
    return steps.stream()
        .anyMatch(
            step -> step.untilUs() >= job.calledUs() && step.fromUs() <= delivery.receivedUs());
  }

  /** When the writes were answered that made its lease, and made it longer. */
  LongStream leasedUs(Delivered delivery) {
    LongStream extended =
        extensions(delivery).stream()
            .filter(extension -> extension.answer() == Answer.YES)
            .mapToLong(Extended::returnedUs);
    return LongStream.concat(LongStream.of(delivery.dispatchMs() * 1_000), extended);
  }

  static <T> Map<String, List<T>> by(List<T> events, Function<T, String> key) {
    Map<String, List<T>> found = new HashMap<>();
    events.forEach(
        event -> found.computeIfAbsent(key.apply(event), name -> new ArrayList<>(2)).add(event));
    return found;
  }
}
