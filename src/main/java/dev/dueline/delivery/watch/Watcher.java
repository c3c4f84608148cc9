package dev.dueline.delivery.watch;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.lease.LeaseKeeper;
import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.lease.Releases;
import dev.dueline.delivery.time.EndTimer;
import dev.dueline.delivery.time.StoreClock;
import dev.dueline.job.QueueName;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.due.Release;
import dev.dueline.store.news.LeaseEnd;
import dev.dueline.store.news.WatchToken;
import dev.dueline.store.news.WatcherState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One stream, or pull: its credit, and what is out. Its credit is {@code max_outstanding_jobs} less
 * the leases that are out and the claims under way for it; none while its sink takes no more, and
 * less after it let leases run out.
 *
 * <pre>
 *   takes jobs ──stop, drain──▶ takes no more ──nothing out, or time over──▶ closed
 *        └──────────────────────────stream gone──────────────────────────────▲
 * </pre>
 */
final class Watcher {
  private final WatchToken token;
  private final WatchSpec spec;
  private final WatcherSink sink;
  private final LeaseKeeper keeper;
  private final Releases releases;
  private final DeliveryContext context;
  private final EndTimer endTimer;
  private final CreditWindow window;
  private final long beganNanos;

  /** Its jobs are leased, and with the keeper. */
  private final Outbox outbox;

  private int reserved;
  private boolean isStopped;
  private boolean isDraining;
  private boolean isClosed;
  private Runnable onSettled = () -> {};

  Watcher(
      WatchToken token, WatchSpec spec, WatcherSink sink, Leases leases, DeliveryContext context) {
    this.token = token;
    this.spec = spec;
    this.sink = sink;
    this.keeper =
        new LeaseKeeper(spec.leaseMs(), spec.isAutoExtending(), leases, this::isFull, context);
    Duration lease = Duration.ofMillis(spec.leaseMs());
    this.releases = new Releases(lease, leases, context, () -> onSettled.run());
    this.context = context;
    this.endTimer = new EndTimer(context.loop());
    this.window = new CreditWindow(spec.maxOutstanding(), lease, context.loop());
    this.beganNanos = context.loop().nanoTime();
    this.outbox =
        new Outbox(spec.isAutoAcking(), sink, leases, context, this::acked, this::takeBack);
  }

  WatchToken token() {
    return token;
  }

  WatchSpec spec() {
    return spec;
  }

  int number() {
    return token.watcher();
  }

  /** While several have due jobs, an earlier one goes first. */
  List<QueueName> queues() {
    return spec.queues();
  }

  /** How it stands, for those who look at it. */
  WatcherState state() {
    return new WatcherState(
        number(),
        spec.name(),
        TimeUnit.NANOSECONDS.toMillis(context.loop().nanoTime() - beganNanos),
        window.sinceActedMs(),
        spec.queues(),
        spec.maxOutstanding(),
        keeper.count(),
        credit(),
        isSilent(),
        isDraining);
  }

  WatcherSink sink() {
    return sink;
  }

  /**
   * Calls back, after those who wanted that before, when a claim that counted on this watcher, a
   * release of its jobs, or a lease of its is over.
   */
  void onSettled(Runnable callback) {
    Runnable before = onSettled;
    onSettled = () -> List.of(before, callback).forEach(Runnable::run);
  }

  /** Calls back when it has credit because time has passed. */
  void onCredit(Runnable callback) {
    window.onProbe(callback);
  }

  /** How many more jobs it takes now. */
  int credit() {
    boolean isTaking = !isClosed && !isDraining && outbox.isEmpty() && sink.isReady();
    boolean isOpen = isTaking && (window.isSilent() || !keeper.isOverdue());
    return isOpen ? window.room(keeper.count() + reserved) : 0;
  }

  private boolean isFull() {
    return window.isFull(keeper.count() + reserved);
  }

  /** Whether it lets a lease run out, and did nothing since: it is passed over for others. */
  boolean isSilent() {
    return window.isSilent() || keeper.isOverdue();
  }

  boolean isDraining() {
    return isDraining;
  }

  /** Whether it goes before those that let leases run out lately. */
  boolean isReliable() {
    return window.isWhole();
  }

  /** How many jobs claims under way are for. */
  int reserved() {
    return reserved;
  }

  /** When it may have a job although it is silent; empty: it is not, or takes no more. */
  Optional<Duration> untilProbe() {
    return isDraining ? Optional.empty() : window.untilProbe();
  }

  /** Whether it takes no more jobs, and none is with it, on its way to it, or on its way back. */
  boolean isDone() {
    return isDraining
        && keeper.count() == 0
        && reserved == 0
        && !releases.areUnderWay()
        && !outbox.isAcking();
  }

  void reserve() {
    reserved++;
  }

  /** So much of its credit is set aside no longer. */
  void unreserve(int slots) {
    reserved -= slots;
  }

  /** Takes what a claim brought. */
  void accept(List<Delivery> deliveries, StoreClock clock) {
    if (deliveries.isEmpty()) {
      window.foundNothing();
    } else if (isClosed || isDraining) {
      releases.undelivered(deliveries);
    } else {
      long now = context.loop().nanoTime();
      for (Delivery delivery : deliveries) {
        keeper.add(delivery, now + clock.nanosUntil(delivery.leaseExpiryMs()));
        outbox.add(delivery, clock);
      }
      flush();
    }
    onSettled.run();
  }

  /** Writes what waits, if the sink takes more again. */
  void flush() {
    if (!isClosed && !isDraining) {
      outbox.flush();
    }
  }

  /** A lease is over; of one that it no longer has, it counts only that the holder spoke. */
  void ended(LeaseToken lease, LeaseEnd how) {
    if (how == LeaseEnd.SETTLED) {
      window.acted();
    }
    if (keeper.remove(lease)) {
      if (how == LeaseEnd.SETTLED) {
        window.settled();
      } else if (!outbox.remove(lease) && !spec.isAutoAcking()) {
        lost(lease, how);
      }
      onSettled.run();
    }
  }

  /** What other replicas said of its leases may have been missed. */
  void missedNews() {
    keeper.missedNews();
  }

  /** Its client had a lease extended, by so much from now. */
  void extended(LeaseToken lease, long byMs) {
    window.acted();
    keeper.extended(lease, byMs);
  }

  private void lost(LeaseToken lease, LeaseEnd how) {
    sink.lost(lease, how);
    // Leases that this replica extends run out when it could not: that is not its client's doing.
    if (how == LeaseEnd.EXPIRED && !isClosed && !spec.isAutoExtending()) {
      window.expired();
    }
  }

  /**
   * Takes no more jobs, since the server goes away, and gives back what was not written.
   *
   * @param max it ends after it, at the latest
   */
  void drain(Duration max) {
    takeNoMore();
    keeper.drain();
    sink.draining(endTimer.left(max));
  }

  /**
   * The same, since its client wants it, which may take its time. Called again, it does nothing.
   */
  void stop() {
    if (!isStopped) {
      isStopped = true;
      takeNoMore();
      sayStopped();
    }
  }

  /** Has it end after a time, unless it is closed by then, or was to end sooner already. */
  void endWithin(Duration max, Runnable end) {
    endTimer.set(max, end);
  }

  /** Ends the stream: as its client wanted, or because the server goes away. */
  void endStream() {
    if (isStopped) {
      sink.complete();
    } else {
      sink.end();
    }
  }

  void close() {
    isClosed = true;
    endTimer.cancel();
    window.close();
    outbox.close();
    takeBack(outbox.removeAll());
    Map<LeaseToken, Release> failed = keeper.disconnect();
    if (spec.isReleasing()) {
      releases.send(failed);
    }
  }

  /** Gives back jobs that were written, but reached nobody. */
  void takeBack(List<Delivery> jobs) {
    jobs.forEach(job -> keeper.remove(job.token()));
    releases.undelivered(jobs);
  }

  private void takeNoMore() {
    isDraining = true;
    takeBack(outbox.removeAll());
  }

  private void acked() {
    sayStopped();
    onSettled.run();
  }

  /** What is done is still to be written, and comes before. */
  private void sayStopped() {
    if (isStopped && !isClosed && !outbox.isAcking()) {
      sink.stopped();
    }
  }
}
