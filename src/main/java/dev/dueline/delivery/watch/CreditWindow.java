package dev.dueline.delivery.watch;

import dev.dueline.delivery.time.Alarm;
import dev.dueline.delivery.time.EventLoop;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How many jobs a watcher may have out: half as many after it let leases run out, and one more with
 * each job that it settles, up to what it asked for. A watcher is silent from the end of a lease
 * that ran out until it acts, and then has no room, but for one job each lease that has been due
 * for a while, which is for where nobody else takes it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5681">RFC 5681: additive increase, multiplicative
 *     decrease</a>
 */
final class CreditWindow {
  /** So long a job is left to others, at other replicas too, before a silent watcher has it. */
  static final Duration OVERDUE = Duration.ofSeconds(1);

  private final int max;
  private final Duration lease;
  private final EventLoop loop;
  private final Alarm probe;
  private Runnable onProbe = () -> {};

  /** Jobs to settle before the window is what the watcher asked for. */
  private int missing;

  private boolean isSilent;
  private boolean hasActed;
  private long actedNanos;
  private long probeNanos;
  private long reducedNanos;

  /**
   * All that a watcher asked for.
   *
   * @param max jobs, 1 or more
   */
  CreditWindow(int max, Duration lease, EventLoop loop) {
    this.max = max;
    this.lease = lease;
    this.loop = loop;
    this.probe = new Alarm(loop);
  }

  /** Calls back when a silent watcher has room for one job. */
  void onProbe(Runnable callback) {
    onProbe = callback;
  }

  /** How many more jobs the watcher may have. */
  int room(int out) {
    if (isSilent) {
      boolean isProbe = out == 0 && loop.nanoTime() - probeNanos >= 0;
      return isProbe ? 1 : 0;
    }
    return Math.max(0, Math.max(1, max - missing) - out);
  }

  /** Whether the watcher has no room, though it is not silent. */
  boolean isFull(int out) {
    return !isSilent && room(out) == 0;
  }

  /** Whether it let a lease run out, and did nothing since. */
  boolean isSilent() {
    return isSilent;
  }

  /** How long until it may have a job although it is silent; empty: it is not. */
  Optional<Duration> untilProbe() {
    return isSilent
        ? Optional.of(Duration.ofNanos(Math.max(0, probeNanos - loop.nanoTime())))
        : Optional.empty();
  }

  /** Whether it let no lease run out, or has settled enough since: it goes first. */
  boolean isWhole() {
    return missing == 0;
  }

  /** The watcher did something, also in vain: it is there. */
  void acted() {
    isSilent = false;
    hasActed = true;
    actedNanos = loop.nanoTime();
  }

  /** How long ago the watcher did something; -1: it never did. */
  long sinceActedMs() {
    return hasActed ? TimeUnit.NANOSECONDS.toMillis(loop.nanoTime() - actedNanos) : -1;
  }

  /** The watcher settled a job in time. */
  void settled() {
    missing = Math.max(0, missing - 1);
  }

  /** A lease ran out; those that run out within one lease count once. */
  void expired() {
    long now = loop.nanoTime();
    isSilent = true;
    probeIn(lease);
    if (missing == 0 || now - reducedNanos >= lease.toNanos()) {
      reducedNanos = now;
      missing = Math.max(1, max - Math.max(1, max - missing) / 2);
    }
  }

  /** Nothing was due for long enough, for a silent watcher: it may ask again, but not at once. */
  void foundNothing() {
    if (isSilent && loop.nanoTime() - probeNanos >= 0) {
      probeIn(OVERDUE);
    }
  }

  private void probeIn(Duration time) {
    probeNanos = loop.nanoTime() + time.toNanos();
    probe.set(time, onProbe);
  }

  /** Calls back no more. */
  void close() {
    probe.cancel();
  }
}
