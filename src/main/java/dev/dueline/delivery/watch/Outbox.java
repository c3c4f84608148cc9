package dev.dueline.delivery.watch;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.delivery.time.StoreClock;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The jobs of one watcher on their way to its sink: they wait for it to take more, and are done
 * first where the watcher wants them at most once.
 */
final class Outbox {
  /** Jobs that the sink has not taken by then are better left to other watchers. */
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final boolean isAutoAcking;
  private final WatcherSink sink;
  private final Leases leases;
  private final DeliveryContext context;
  private final Runnable onAcked;
  private final Alarm timeout;
  private final Consumer<List<Delivery>> onUnwritten;
  private List<Arrival> unwritten = new ArrayList<>();
  private int acking;
  private boolean isWaiting;
  private boolean isClosed;

  /**
   * Nothing is on its way yet.
   *
   * @param isAutoAcking whether a job is done when it is written
   * @param onAcked called when jobs were done and written, or were not
   * @param onUnwritten takes jobs that waited for the sink too long, or whose lease is over
   */
  Outbox(
      boolean isAutoAcking,
      WatcherSink sink,
      Leases leases,
      DeliveryContext context,
      Runnable onAcked,
      Consumer<List<Delivery>> onUnwritten) {
    this.isAutoAcking = isAutoAcking;
    this.sink = sink;
    this.leases = leases;
    this.context = context;
    this.onAcked = onAcked;
    this.timeout = new Alarm(context.loop());
    this.onUnwritten = onUnwritten;
  }

  /**
   * A job on its way to the sink.
   *
   * @param dueNanos when it was due, by the loop's clock
   * @param expiryNanos when its lease ends, by the loop's clock
   */
  private record Arrival(Delivery delivery, long dueNanos, long expiryNanos) {}

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
    unwritten.add(
        new Arrival(
            delivery,
            now + clock.nanosUntil(delivery.dueMs()),
            now + clock.nanosUntil(delivery.leaseExpiryMs())));
  }

  /** Writes what waits, if the sink takes more. */
  void flush() {
    if (unwritten.isEmpty()) {
      return;
    }
    if (!sink.isReady()) {
      awaitSink();
      return;
    }
    List<Arrival> jobs = removeArrivals();
    giveBackThoseThatAreOver(jobs);
    if (jobs.isEmpty()) {
      return;
    }
    if (isAutoAcking) {
      ackThenWrite(jobs);
    } else {
      write(jobs);
    }
  }

  /**
   * Where this process stood still since the claim, somebody else may have the job by now, or a
   * cancel that won.
   */
  private void giveBackThoseThatAreOver(List<Arrival> jobs) {
    long now = context.loop().nanoTime();
    List<Delivery> over =
        jobs.stream().filter(job -> job.expiryNanos - now <= 0).map(Arrival::delivery).toList();
    if (!over.isEmpty()) {
      jobs.removeIf(job -> job.expiryNanos - now <= 0);
      onUnwritten.accept(over);
    }
  }

  /** Forgets a job that waits; false: it does not. */
  boolean remove(LeaseToken lease) {
    return unwritten.removeIf(arrival -> arrival.delivery.token().equals(lease));
  }

  /** Takes out what waits. */
  List<Delivery> removeAll() {
    return removeArrivals().stream().map(Arrival::delivery).toList();
  }

  private List<Arrival> removeArrivals() {
    isWaiting = false;
    timeout.cancel();
    List<Arrival> jobs = unwritten;
    unwritten = new ArrayList<>();
    return jobs;
  }

  private void awaitSink() {
    if (!isWaiting) {
      isWaiting = true;
      timeout.set(TIMEOUT, () -> onUnwritten.accept(removeAll()));
    }
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
