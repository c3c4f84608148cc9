package dev.dueline.chaos;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToLongFunction;

/**
 * What clients asked, were told and were given, in wall-clock microseconds of the machine that they
 * share with Redis. A call whose answer never came may have happened. Thread-safe.
 */
final class History {
  private final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();

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

  /** A job that a client scheduled. */
  record Scheduled(String job, Answer answer, long dueMs) implements Event {}

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
  record Extended(String token, long calledUs, Answer answer, long expiryMs) implements Event {}

  /** A Cancel; LEASED and NOT_FOUND count as NO. */
  record Canceled(String job, boolean isForced, long calledUs, long returnedUs, Answer answer)
      implements Event {}

  /** A watcher connects. */
  record Connected(String watcher, int maxOutstanding, boolean isReleasing) implements Event {}

  /** A watcher's stream ends. */
  record Disconnected(String watcher, long atUs) implements Event {}

  /** An answer that no caller should ever get. */
  record Refused(String answer) implements Event {}

  /** A job that is still there when all is over. */
  record Remains(String job, String state) implements Event {}

  void add(Event event) {
    events.add(event);
  }

  <T extends Event> List<T> all(Class<T> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  <T extends Event> List<T> all(Class<T> kind, ToLongFunction<T> order) {
    return all(kind).stream().sorted(Comparator.comparingLong(order)).toList();
  }
}
