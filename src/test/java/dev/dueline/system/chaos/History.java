package dev.dueline.system.chaos;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/**
 * What clients asked, were told and were given, in wall-clock microseconds of the machine that they
 * share with Redis, but for steps of its clock. A call whose answer never came may have happened.
 * Thread-safe.
 */
final class History {
  private final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();
  private final AtomicLong lastDispatchMs = new AtomicLong();

  /** One thing that happened. */
  sealed interface Event {}

  /** What a caller was told. */
  enum Answer {
    /** It was done. */
    YES,
    /** It was not done. */
    NO,
    /** No answer: it may have been done. */
    UNKNOWN
  }

  /**
   * A job that a client scheduled, however often it had to ask.
   *
   * @param hasRequestId whether all calls had one, the same, so that they store it once in all
   * @param earliestMs before which no answer can have let it fall due
   * @param dueMs when it falls due, by the answer
   * @param unanswered calls that may have stored it, besides the one that was answered
   * @param calledUs when it was first asked for
   * @param lastCalledUs when the call was made that was answered
   * @param returnedUs when the answer came
   */
  record Scheduled(
      String job,
      Answer answer,
      boolean hasRequestId,
      long earliestMs,
      long dueMs,
      int unanswered,
      long calledUs,
      long lastCalledUs,
      long returnedUs)
      implements Event {}

  /** A job that a client got. */
  record Delivered(
      String job,
      String watcher,
      String token,
      int attempt,
      long dueMs,
      long dispatchMs,
      long expiryMs,
      long receivedUs)
      implements Event {}

  /** An Ack of a delivery. */
  record Acked(String token, long calledUs, long returnedUs, Answer answer) implements Event {}

  /** A Nack of a delivery. */
  record Nacked(String token, long calledUs, Answer answer) implements Event {}

  /** An ExtendLease of a delivery; the latest expiry that it can have given. */
  record Extended(String token, long calledUs, long returnedUs, Answer answer, long expiryMs)
      implements Event {}

  /** A Cancel; LEASED and NOT_FOUND count as NO. */
  record Canceled(String job, boolean isForced, long calledUs, long returnedUs, Answer answer)
      implements Event {}

  /** A watcher connects. */
  record Connected(String watcher, int maxOutstanding, boolean isReleasing) implements Event {}

  /** A watcher's stream ends. */
  record Disconnected(String watcher, long atUs) implements Event {}

  /** A watcher is told that its replica goes away: from now on its jobs may be given to others. */
  record Drained(String watcher, long atUs) implements Event {}

  /**
   * A StopWatch.
   *
   * @param answer YES: nothing is given to it any more; UNKNOWN: it may have been stopped
   * @param endUs when its stream ends at the latest, and what is out may be given to others
   */
  record StopAsked(String watcher, long returnedUs, Answer answer, long endUs) implements Event {}

  /** A watcher's stream says that no job follows. */
  record Stopped(String watcher, long atUs) implements Event {}

  /** While jobs may have been on their way to somebody who never got them. */
  record Disturbed(long fromUs, long untilUs) implements Event {}

  /** An answer that no caller should ever get. */
  record Refused(String answer) implements Event {}

  /** An answer that Redis is out of memory: nothing was done. */
  record Full(String call, long calledUs, long returnedUs) implements Event {}

  /** While Redis was out of memory. */
  record MemoryFull(long fromUs, long untilUs) implements Event {}

  /**
   * What was answered in that time may have been forgotten when another Redis took over.
   *
   * @param fault what led to it
   * @param faultUs when that began
   */
  record Failover(String fault, long fromUs, long faultUs, long untilUs) implements Event {}

  /** All jobs were deleted in that time: those that were there are lost, and none comes back. */
  record Flush(long fromUs, long untilUs) implements Event {}

  /**
   * Redis's clock was set in that time: forward, so that what was due in an hour is, and leases are
   * over; or back, so that what is due waits for longer.
   */
  record ClockStep(long fromUs, long untilUs) implements Event {}

  /** A job that is still there when all is over. */
  record Remains(String job, String state) implements Event {}

  void add(Event event) {
    if (event instanceof Delivered delivery) {
      lastDispatchMs.accumulateAndGet(delivery.dispatchMs(), Math::max);
    }
    events.add(event);
  }

  /** When the latest delivery of all was dispatched. */
  long lastDispatchMs() {
    return lastDispatchMs.get();
  }

  <T extends Event> List<T> all(Class<T> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  <T extends Event> List<T> all(Class<T> kind, ToLongFunction<T> order) {
    return all(kind).stream().sorted(Comparator.comparingLong(order)).toList();
  }
}
