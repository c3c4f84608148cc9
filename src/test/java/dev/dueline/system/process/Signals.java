package dev.dueline.system.process;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals to processes, as {@code kill} sends them. */
final class Signals {
  private Signals() {}

  /** Sends one, {@code STOP} or another; fails if it could not be sent. */
  static void send(long pid, String name) {
    try {
      int code = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid).start().waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill -" + name + " ended with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
