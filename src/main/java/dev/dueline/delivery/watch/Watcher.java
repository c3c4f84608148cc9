package dev.dueline.delivery.watch;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.lease.LeaseKeeper;
import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.lease.ReleaseRetry;
import dev.dueline.delivery.time.StoreClock;
import dev.dueline.job.Delivery;
import dev.dueline.job.LeaseToken;
import dev.dueline.job.QueueName;
import dev.dueline.store.due.Release;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One stream, or pull: its credit, what is out, and what is not written yet. Its credit is {@code
 * max_outstanding_jobs} less the leases that are out and the claims under way for it; none while
 * its sink takes no more.
 */
final class Watcher {
  private final int number;
  private final WatchSpec spec;
  private final WatcherSink sink;
  private final Leases leases;
  private final LeaseKeeper keeper;
  private final DeliveryContext context;

  /** Leased, with the keeper, and waiting for the sink to take more. */
  private List<Arrival> unwritten = new ArrayList<>();

  private int reserved;
  private int releasing;
  private int acking;
  private boolean isClosed;
  private boolean isDraining;
  private Runnable onSettled = () -> {};

  /** A watcher that has no jobs yet. */
  Watcher(int number, WatchSpec spec, WatcherSink sink, Leases leases, DeliveryContext context) {
    this.number = number;
    this.spec = spec;
    this.sink = sink;
    this.leases = leases;
    this.keeper = new LeaseKeeper(spec.leaseMs(), spec.isAutoExtending(), leases, context);
    this.context = context;
  }

  /**
   * A job on its way to the sink.
   *
   * @param dueNanos when it was due, by the loop's clock
   */
  private record Arrival(Delivery delivery, long dueNanos) {}

  int number() {
    return number;
  }

  /** While several have due jobs, an earlier one goes first. */
  List<QueueName> queues() {
    return spec.queues();
  }

  long leaseMs() {
    return spec.leaseMs();
  }

  WatcherSink sink() {
    return sink;
  }

  /** Calls back when a claim that counted on this watcher, or a release of its jobs, is over. */
  void onSettled(Runnable callback) {
    onSettled = callback;
  }

  /** How many more jobs it takes now. */
  int credit() {
    if (isClosed || isDraining || !unwritten.isEmpty() || !sink.isReady()) {
      return 0;
    }
    return Math.max(0, spec.maxOutstanding() - keeper.count() - reserved);
  }

  /** Whether claims are under way for it. */
  boolean isReserved() {
    return reserved > 0;
  }

  /** Whether jobs are with it, on their way to it, or on their way back. */
  boolean hasJobs() {
    return keeper.count() > 0 || reserved > 0 || releasing > 0 || acking > 0;
  }

  void reserve() {
    reserved++;
  }

  void unreserve() {
    reserved--;
  }

  /** Takes what a claim brought. */
  void accept(List<Delivery> deliveries, StoreClock clock) {
    if (isClosed || isDraining) {
      giveBack(deliveries);
    } else {
      long now = context.loop().nanoTime();
      for (Delivery delivery : deliveries) {
        keeper.add(delivery, now + clock.nanosUntil(delivery.leaseExpiryMs()));
        unwritten.add(new Arrival(delivery, now + clock.nanosUntil(delivery.dueMs())));
      }
      flush();
    }
    onSettled.run();
  }

  /** Writes what waits, if the sink takes more again. */
  void flush() {
    if (unwritten.isEmpty() || isClosed || isDraining || !sink.isReady()) {
      return;
    }
    List<Arrival> jobs = unwritten;
    unwritten = new ArrayList<>();
    if (spec.isAutoAcking()) {
      ackThenWrite(jobs);
    } else {
      write(jobs);
    }
  }

  /** A lease is over; nothing happens if it is not one of this watcher's. */
  void ended(LeaseToken token) {
    if (keeper.remove(token) && !unwritten.isEmpty()) {
      unwritten.removeIf(arrival -> arrival.delivery.token().equals(token));
    }
  }

  /**
   * Takes no more jobs, and gives back what was not written; what was can still be acknowledged.
   */
  void drain() {
    isDraining = true;
    giveBackUnwritten();
    keeper.drain();
    sink.draining();
  }

  /** The stream is gone. */
  void close() {
    isClosed = true;
    giveBackUnwritten();
    Map<LeaseToken, Release> failed = keeper.disconnect();
    if (spec.isReleasing()) {
      release(failed);
    }
  }

  /** Gives back jobs that were written, but reached nobody. */
  void takeBack(List<Delivery> jobs) {
    jobs.forEach(job -> keeper.remove(job.token()));
    giveBack(jobs);
  }

  private void giveBackUnwritten() {
    List<Delivery> jobs = unwritten.stream().map(Arrival::delivery).toList();
    unwritten = new ArrayList<>();
    takeBack(jobs);
  }

  private void giveBack(List<Delivery> deliveries) {
    Map<LeaseToken, Release> undelivered = new HashMap<>();
    for (Delivery delivery : deliveries) {
      undelivered.put(delivery.token(), Release.undelivered(delivery.token().lease()));
    }
    release(undelivered);
  }

  private void release(Map<LeaseToken, Release> releases) {
    if (releases.isEmpty()) {
      return;
    }
    releasing++;
    Duration lease = Duration.ofMillis(spec.leaseMs());
    new ReleaseRetry(releases, lease, leases, context, this::released).send();
  }

  private void released() {
    releasing--;
    onSettled.run();
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
    onSettled.run();
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
