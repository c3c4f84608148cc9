package dev.dueline.cli.watch;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Turns Ctrl-C, and every other end of the process, into a signal, and waits for what follows. */
public final class Interrupt implements AutoCloseable {
  /** Long enough for the last acks, short enough for the person who pressed the keys. */
  private static final long LONGEST_SECONDS = 5;

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook;

  private Interrupt(Runnable stop) {
    this.hook = new Thread(() -> end(stop), "dueline-cli-interrupt");
  }

  /**
   * Runs this when the process is to end, which then waits for {@link #close}, but not for ever.
   */
  public static Interrupt runs(Runnable stop) {
    Interrupt interrupt = new Interrupt(stop);
    Runtime.getRuntime().addShutdownHook(interrupt.hook);
    return interrupt;
  }

  private void end(Runnable stop) {
    stop.run();
    try {
      boolean unused = finished.await(LONGEST_SECONDS, TimeUnit.SECONDS);
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
