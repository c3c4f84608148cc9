package dev.dueline.delivery.watch;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.time.StoreClock;
import dev.dueline.job.Delivery;
import dev.dueline.job.LeaseToken;
import java.util.ArrayList;
import java.util.List;

/**
 * The jobs of one watcher on their way to its sink: they wait for it to take more, and are done
 * first where the watcher wants them at most once.
 */
final class Outbox {
  private final boolean isAutoAcking;
  private final WatcherSink sink;
  private final Leases leases;
  private final DeliveryContext context;
  private final Runnable onAcked;
  private List<Arrival> unwritten = new ArrayList<>();
  private int acking;
  private boolean isClosed;

  /**
   * Nothing is on its way yet.
   *
   * @param isAutoAcking whether a job is done when it is written
   * @param onAcked called when jobs were done and written, or were not
   */
  Outbox(
      boolean isAutoAcking,
      WatcherSink sink,
      Leases leases,
      DeliveryContext context,
      Runnable onAcked) {
    this.isAutoAcking = isAutoAcking;
    this.sink = sink;
    this.leases = leases;
    this.context = context;
    this.onAcked = onAcked;
  }

  /**
   * A job on its way to the sink.
   *
   * @param dueNanos when it was due, by the loop's clock
   */
  private record Arrival(Delivery delivery, long dueNanos) {}

  /** Whether no job waits for the sink. */
  boolean isEmpty() {
    return unwritten.isEmpty();
  }

  /** Whether jobs are done, or about to be, that are not written yet. */
  boolean isAcking() {
    return acking > 0;
  }

  void add(Delivery delivery, StoreClock clock) {
    long now = context.loop().nanoTime();
    unwritten.add(new Arrival(delivery, now + clock.nanosUntil(delivery.dueMs())));
  }

  /** Writes what waits, if the sink takes more. */
  void flush() {
    if (unwritten.isEmpty() || !sink.isReady()) {
      return;
    }
    List<Arrival> jobs = unwritten;
    unwritten = new ArrayList<>();
    if (isAutoAcking) {
      ackThenWrite(jobs);
    } else {
      write(jobs);
    }
  }

  /** Forgets a job that waits; false: it does not. */
  boolean remove(LeaseToken lease) {
    return unwritten.removeIf(arrival -> arrival.delivery.token().equals(lease));
  }

  /** Takes out what waits. */
  List<Delivery> removeAll() {
    List<Delivery> jobs = unwritten.stream().map(Arrival::delivery).toList();
    unwritten = new ArrayList<>();
    return jobs;
  }

  /** Writes nothing any more. */
  void close() {
    isClosed = true;
  }

  /** At most once: a job is done before it is written, so that no crash delivers it again. */
  private void ackThenWrite(List<Arrival> jobs) {
    acking++;
    context.call(
        leases.ack(jobs.stream().map(arrival -> arrival.delivery.token()).toList()),
        results -> acked(() -> write(jobs, results)),
        failure -> acked(() -> context.observer().leaseCallFailed(failure)));
  }

  /** Until then the stream must not end as if nothing were out: what is done must be written. */
  private void acked(Runnable next) {
    acking--;
    next.run();
    onAcked.run();
  }

  private void write(List<Arrival> jobs, List<Boolean> acked) {
    List<Arrival> done = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      if (acked.get(i)) {
        done.add(jobs.get(i));
      }
    }
    if (!isClosed && !done.isEmpty()) {
      write(done);
    }
  }

  private void write(List<Arrival> jobs) {
    sink.deliver(jobs.stream().map(Arrival::delivery).toList());
    long now = context.loop().nanoTime();
    jobs.forEach(job -> context.observer().written(job.delivery, now - job.dueNanos));
  }
}
