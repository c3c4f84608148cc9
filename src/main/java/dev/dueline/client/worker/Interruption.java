package dev.dueline.client.worker;

/** Interrupts a thread while it works on one job, and not when it works on the next. */
final class Interruption {
  private final Thread thread;
  private boolean isOver;

  Interruption(Thread thread) {
    this.thread = thread;
  }

  synchronized void begin() {
    if (!isOver) {
      thread.interrupt();
    }
  }

  /** The job is over; to be called by the thread itself. */
  synchronized void end() {
    isOver = true;
    boolean unused = Thread.interrupted();
  }
}
