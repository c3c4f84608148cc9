package dev.dueline.delivery.watch;

import dev.dueline.delivery.DeliveryContext;
import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.lease.ReleaseRetry;
import dev.dueline.delivery.time.StoreClock;
import dev.dueline.job.Delivery;
import dev.dueline.job.LeaseToken;
import dev.dueline.job.RetryPolicy;
import dev.dueline.store.Release;
import dev.dueline.store.Slots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One stream, or pull: its credit, what is out, and what is not written yet. Its credit is {@code
 * max_outstanding_jobs} less the leases that are out and the claims under way for it; none while
 * its stream takes no more.
 */
final class Watcher {
  private static final String DISCONNECTED = "watcher disconnected";

  private final int number;
  private final WatchSpec spec;
  private final WatcherSink sink;
  private final List<WatchedQueue> queues;
  private final DeliveryContext context;
  private final Leases leases;
  private final LeaseKeeper keeper;
  private final Map<LeaseToken, Outstanding> outstanding = new HashMap<>();

  /** Leased, counted in outstanding, and waiting for the stream to take more. */
  private List<Arrival> unwritten = new ArrayList<>();

  private int reserved;
  private int releasing;
  private boolean isClosed;
  private int acking;
  private boolean isDraining;
  private Runnable onSettled = () -> {};

  /** A watcher of these queues, an earlier one first. */
  Watcher(
      int number,
      WatchSpec spec,
      WatcherSink sink,
      List<WatchedQueue> queues,
      DeliveryContext context,
      Leases leases) {
    this.number = number;
    this.spec = spec;
    this.sink = sink;
    this.queues = queues;
    this.context = context;
    this.leases = leases;
    this.keeper = new LeaseKeeper(spec, outstanding, context, leases);
  }

  /**
   * A job on its way to the stream.
   *
   * @param dueNanos when it was due, by the loop's clock
   */
  private record Arrival(Delivery delivery, long dueNanos) {}

  /** A lease that is out. */
  static final class Outstanding {
    private final int attempt;
    private final RetryPolicy retryPolicy;
    private long expiryNanos;

    private Outstanding(int attempt, RetryPolicy retryPolicy, long expiryNanos) {
      this.attempt = attempt;
      this.retryPolicy = retryPolicy;
      this.expiryNanos = expiryNanos;
    }

    /** When the lease ends, by the loop's clock, unless it was extended elsewhere. */
    long expiryNanos() {
      return expiryNanos;
    }

    void expiresAt(long nanos) {
      expiryNanos = nanos;
    }
  }

  int number() {
    return number;
  }

  List<WatchedQueue> queues() {
    return queues;
  }

  WatcherSink sink() {
    return sink;
  }

  /** Calls back when a claim that counted on this watcher, or a release of its jobs, is over. */
  void onSettled(Runnable callback) {
    onSettled = callback;
  }

  Slots.Holder holder(long replica) {
    return new Slots.Holder(replica, number, spec.leaseMs());
  }

  /** How many more jobs it takes now. */
  int credit() {
    if (isClosed || isDraining || !unwritten.isEmpty() || !sink.isReady()) {
      return 0;
    }
    return Math.max(0, spec.maxOutstanding() - outstanding.size() - reserved);
  }

  /** Whether claims are under way for it. */
  boolean isReserved() {
    return reserved > 0;
  }

  /** Whether jobs are with it, on their way to it, or on their way back. */
  boolean hasJobs() {
    return !outstanding.isEmpty() || reserved > 0 || releasing > 0 || acking > 0;
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
        long expiry = now + clock.nanosUntil(delivery.leaseExpiryMs());
        outstanding.put(
            delivery.token(),
            new Outstanding(delivery.attempt(), delivery.job().effectiveRetryPolicy(), expiry));
        unwritten.add(new Arrival(delivery, now + clock.nanosUntil(delivery.dueMs())));
      }
      flush();
      keeper.keep();
    }
    onSettled.run();
  }

  /** The stream takes more again. */
  void ready() {
    flush();
    offerCredit();
  }

  /** A lease is over; nothing happens if it is not one of this watcher's. */
  void ended(LeaseToken token) {
    if (outstanding.remove(token) != null && !unwritten.isEmpty()) {
      unwritten.removeIf(arrival -> arrival.delivery.token().equals(token));
    }
  }

  /** Wakes the pollers that wait for credit, those of an earlier queue first. */
  void offerCredit() {
    for (WatchedQueue queue : queues) {
      if (credit() == 0) {
        return;
      }
      queue.wakeStarved();
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
    keeper.stop();
    giveBackUnwritten();
    if (spec.isReleasing()) {
      Map<LeaseToken, Release> failed = new HashMap<>();
      outstanding.forEach((token, lease) -> failed.put(token, afterDisconnect(token, lease)));
      release(failed);
    }
    outstanding.clear();
  }

  /** Gives back jobs that were written, but reached nobody. */
  void takeBack(List<Delivery> jobs) {
    jobs.forEach(job -> outstanding.remove(job.token()));
    giveBack(jobs);
  }

  private void giveBackUnwritten() {
    List<Delivery> kept = unwritten.stream().map(Arrival::delivery).toList();
    unwritten = new ArrayList<>();
    kept.forEach(delivery -> outstanding.remove(delivery.token()));
    giveBack(kept);
  }

  private void giveBack(List<Delivery> deliveries) {
    Map<LeaseToken, Release> undelivered = new HashMap<>();
    for (Delivery delivery : deliveries) {
      undelivered.put(delivery.token(), Release.undelivered(delivery.token().lease()));
    }
    release(undelivered);
  }

  private static Release afterDisconnect(LeaseToken token, Outstanding lease) {
    return Release.afterFailure(token.lease(), lease.attempt - 1, lease.retryPolicy, DISCONNECTED);
  }

  private void release(Map<LeaseToken, Release> releases) {
    if (releases.isEmpty()) {
      return;
    }
    releasing++;
    new ReleaseRetry(releases, Duration.ofMillis(spec.leaseMs()), context, this::released).send();
  }

  private void released() {
    releasing--;
    onSettled.run();
  }

  private void flush() {
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

  /** At most once: a job is done before it is written, so that no crash delivers it again. */
  private void ackThenWrite(List<Arrival> jobs) {
    acking++;
    leases
        .ack(jobs.stream().map(arrival -> arrival.delivery.token()).toList())
        .subscribe()
        .with(
            results -> acked(() -> write(jobs, results)),
            failure -> acked(() -> context.observer().leaseCallFailed(failure)));
  }

  /** Until then the stream must not end as if nothing were out: what is done must be written. */
  private void acked(Runnable next) {
    context
        .loop()
        .execute(
            () -> {
              acking--;
              next.run();
              onSettled.run();
            });
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
