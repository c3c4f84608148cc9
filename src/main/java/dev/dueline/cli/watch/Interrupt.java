package dev.dueline.cli.watch;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Turns Ctrl-C, and every other end of the process, into a signal, and waits for what follows. */
public final class Interrupt implements AutoCloseable {
  /** Long enough for the last acks, short enough for the person who pressed the keys. */
  static final Duration LONGEST = Duration.ofSeconds(5);

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Duration longest;
  private final Thread hook;

  private Interrupt(Runnable stop, Duration longest) {
    this.longest = longest;
    this.hook = new Thread(() -> end(stop), "dueline-cli-interrupt");
  }

  /**
   * Runs this when the process is to end, which then waits for {@link #close}, but not for ever.
   */
  public static Interrupt runs(Runnable stop) {
    return runs(stop, LONGEST);
  }

  /** Runs this when the process is to end, which then waits so long for {@link #close}. */
  static Interrupt runs(Runnable stop, Duration longest) {
    Interrupt interrupt = new Interrupt(stop, longest);
    Runtime.getRuntime().addShutdownHook(interrupt.hook);
    return interrupt;
  }

  private void end(Runnable stop) {
    stop.run();
    try {
      boolean unused = finished.await(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What the command does is over. */
  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, which is what the hook is for.
    }
  }
}
