package dev.dueline.cli.bench.load;

import io.grpc.Status;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * How long a phase may be silent, and how long it may take.
 *
 * @param silence the longest time in which nothing happens
 * @param longest the longest time in all
 * @param isStopped whether the person at the terminal has had enough
 * @param progress is told once a second how far it is
 */
public record PhaseTimeout(
    Duration silence, Duration longest, BooleanSupplier isStopped, Consumer<String> progress) {
  /** Short beside any phase; no figure hangs on when its end is seen. */
  private static final long LOOK_MS = 5;

  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  /** The same, but not to be stopped: for cleaning up. */
  public PhaseTimeout unstoppable() {
    return new PhaseTimeout(silence, longest, () -> false, progress);
  }

  /**
   * Waits for the end of a phase.
   *
   * @throws io.grpc.StatusRuntimeException DEADLINE_EXCEEDED when it takes too long, CANCELLED when
   *     it is stopped
   */
  public void await(Phase phase) throws InterruptedException {
    long begin = System.nanoTime();
    long lastNanos = begin;
    long lastDone = phase.done().getAsLong();
    long toldNanos = begin;
    long toldDone = lastDone;
    while (!phase.isOver().getAsBoolean()) {
      if (isStopped.getAsBoolean()) {
        throw Status.CANCELLED.withDescription(phase.name() + ": stopped").asRuntimeException();
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MS);
      long now = System.nanoTime();
      long done = phase.done().getAsLong();
      if (done != lastDone || now - phase.quietUntilNanos() < 0) {
        lastNanos = now;
        lastDone = done;
      }
      check(phase, now - begin, longest, "not over");
      check(phase, now - lastNanos, silence, "no answer");
      if (now - toldNanos >= NANOS_PER_SECOND) {
        double perSecond = (done - toldDone) * (double) NANOS_PER_SECOND / (now - toldNanos);
        progress.accept(
            String.format(Locale.ROOT, "%s: %,d, %,.0f/s", phase.name(), done, perSecond));
        toldNanos = now;
        toldDone = done;
      }
    }
  }

  private static void check(Phase phase, long nanos, Duration limit, String what) {
    if (nanos > limit.toNanos()) {
      throw Status.DEADLINE_EXCEEDED
          .withDescription(
              String.format(
                  Locale.ROOT,
                  "%s: %s for %d ms, after %,d",
                  phase.name(),
                  what,
                  limit.toMillis(),
                  phase.done().getAsLong()))
          .asRuntimeException();
    }
  }
}
