package dev.dueline.cli.watch;

import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Turns Ctrl-C, and every other end of the process, into a signal, and waits for what follows. */
final class Interrupt implements AutoCloseable {
  /** Long enough for the last acks, short enough for the person who pressed the keys. */
  private static final long LONGEST_SECONDS = 5;

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook;

  private Interrupt(Queue<Signal> inbox) {
    this.hook = new Thread(() -> stop(inbox), "dueline-cli-interrupt");
  }

  static Interrupt sends(Queue<Signal> inbox) {
    Interrupt interrupt = new Interrupt(inbox);
    Runtime.getRuntime().addShutdownHook(interrupt.hook);
    return interrupt;
  }

  private void stop(Queue<Signal> inbox) {
    inbox.add(new Signal.Stop());
    try {
      boolean unused = finished.await(LONGEST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The watch is over. */
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
