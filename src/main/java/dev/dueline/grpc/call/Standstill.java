package dev.dueline.grpc.call;

import dev.dueline.store.call.Deadline;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Whether this process stood still of late: stopped, paused with its machine, or without a
 * processor. What it reads then may have lain in the sockets for all that time, its deadline
 * counted from the reading; so for as long as it stood, though for no longer than {@link
 * #LONGEST_DRAIN}, each call counts as old as the standstill. Thread-safe.
 */
@Singleton
public final class Standstill {
  /** How often somebody has to call {@link #tick}. */
  public static final Duration TICK = Duration.ofMillis(100);

  /** What a busy machine makes a thread wait now and then. */
  private static final Duration NOTICEABLE = Duration.ofMillis(500);

  /** A caller with a later deadline, or none, may give up before it, but hardly sooner. */
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(2);

  /** What lay in the sockets is read within it, however long the process stood. */
  private static final Duration LONGEST_DRAIN = Duration.ofSeconds(5);

  private static final Logger LOG = Logger.getLogger("dev.dueline");

  private static final long NEVER = Long.MIN_VALUE;

  private final LongSupplier nanoTime;
  private final AtomicLong count = new AtomicLong();
  private volatile long ticked = NEVER;
  private volatile Drain drain;

  /**
   * What is read before a time may have come at another.
   *
   * @param since when the process stood still
   * @param begun when it first went on
   */
  private record Drain(long since, long begun, long until) {
    /**
     * Of a process that went on at one time, and next at the other. One drain goes on in the next,
     * since a process that wakes up may be slow at first, but not for ever: one that is slow again
     * and again must not refuse all calls. One that outlives every caller needs none before it.
     */
    Drain after(long ticked, long now) {
      boolean isLong = now - ticked >= SHORTEST_WAIT.toNanos();
      boolean goesOn = !isLong && ticked - until < 0 && ticked - begun < LONGEST_DRAIN.toNanos();
      return new Drain(
          goesOn ? since : ticked,
          goesOn ? begun : now,
          now + Math.min(now - ticked, LONGEST_DRAIN.toNanos()));
    }

    long ageNanos(long now) {
      return now - until < 0 ? now - since : 0;
    }
  }

  @Inject
  public Standstill() {
    this(System::nanoTime);
  }

  Standstill(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    long now = nanoTime.getAsLong();
    this.drain = new Drain(now, now, now);
  }

  /** The process goes on. One thread, which shares nothing with those that serve. */
  public void tick() {
    long now = nanoTime.getAsLong();
    long before = ticked;
    if (hasStood(before, now)) {
      drain = drain.after(before, now);
      count.incrementAndGet();
      LOG.warnf(
          "This replica stood still for %d ms: calls that came meanwhile, and whose callers may"
              + " have given up, are refused",
          (now - before) / 1_000_000);
    }
    // Behind the drain, so that whoever sees the one sees the other.
    ticked = now;
  }

  /** How often the process stood still. */
  public long count() {
    return count.get();
  }

  /** Whether the caller of a call that is read now may have given up before. */
  boolean isOutlived(Deadline deadline) {
    return isOutlived(deadline.nanos() - Deadline.now());
  }

  boolean isOutlived(long leftNanos) {
    long age = ageNanos();
    return age > 0 && age >= Math.min(leftNanos, SHORTEST_WAIT.toNanos());
  }

  /** How long ago a call that is read now may have come. */
  private long ageNanos() {
    long before = ticked;
    long now = nanoTime.getAsLong();
    // Where it has just gone on, the tick that tells so may still be to come.
    return (hasStood(before, now) ? drain.after(before, now) : drain).ageNanos(now);
  }

  private static boolean hasStood(long ticked, long now) {
    return ticked != NEVER && now - ticked > NOTICEABLE.toNanos();
  }
}
