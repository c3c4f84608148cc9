package dev.dueline.system.rolling;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What the clients of all languages saw. Thread-safe. */
final class Seen {
  private final Set<String> scheduled = ConcurrentHashMap.newKeySet();
  private final Map<String, Queue<String>> received = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> receivedBy = new ConcurrentHashMap<>();
  private final Set<String> acked = ConcurrentHashMap.newKeySet();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger moves = new AtomicInteger();

  void scheduled(String job) {
    scheduled.add(job);
  }

  void received(String client, String job, int attempt) {
    received
        .computeIfAbsent(job, name -> new ConcurrentLinkedQueue<>())
        .add(client + ", attempt " + attempt);
    receivedBy.computeIfAbsent(client, name -> new AtomicInteger()).incrementAndGet();
  }

  void acked(String job) {
    acked.add(job);
  }

  /** A call that its client's retry policy did not absorb, or an answer that tells of a loss. */
  void failed(String client, String what) {
    failures.add(client + ": " + what);
  }

  /** A stream was asked to move. */
  void moved() {
    moves.incrementAndGet();
  }

  int jobs() {
    return scheduled.size();
  }

  int moves() {
    return moves.get();
  }

  /** Deliveries to that client. */
  int receivedBy(String client) {
    AtomicInteger count = receivedBy.get(client);
    return count == null ? 0 : count.get();
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Jobs that were scheduled and that no client got. */
  List<String> missing() {
    return scheduled.stream().filter(job -> !received.containsKey(job)).toList();
  }

  /** Jobs that were received and not acknowledged. */
  List<String> unsettled() {
    return received.keySet().stream().filter(job -> !acked.contains(job)).toList();
  }

  /** Jobs that came more than once, or not at their first attempt. */
  List<String> repeated() {
    return received.entrySet().stream()
        .filter(
            job ->
                job.getValue().size() > 1
                    || job.getValue().stream().anyMatch(by -> !by.endsWith(", attempt 1")))
        .map(Object::toString)
        .toList();
  }
}
