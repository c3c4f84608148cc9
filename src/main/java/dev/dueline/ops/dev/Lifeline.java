package dev.dueline.ops.dev;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What ties a process to the one that started it: a standard input that is a pipe or a socket,
 * which nobody but that one has open, and which the system closes when it dies. A terminal, a file
 * and {@code /dev/null} say nothing about anybody, and tie to nothing.
 *
 * <p>The parent is looked at as well, since the pipe's other end may have been inherited by its
 * other children.
 */
public final class Lifeline {
  /** Leads to standard input on Linux and on macOS alike. */
  private static final Path INPUT = Path.of("/dev/fd/0");

  private static final int TYPE = 0170000;
  private static final int PIPE = 0010000;
  private static final int SOCKET = 0140000;

  private static final int BUFFER_BYTES = 1024;
  private static final Duration PARENT_INTERVAL = Duration.ofMillis(500);

  private final InputStream input;
  private final Supplier<Optional<Long>> parent;
  private final Consumer<String> ending;

  /**
   * A lifeline that is not watched yet.
   *
   * @param parent the pid of the parent, as it is when asked
   * @param ending told once or twice, by other threads, what has ended
   */
  Lifeline(InputStream input, Supplier<Optional<Long>> parent, Consumer<String> ending) {
    this.input = input;
    this.parent = parent;
    this.ending = ending;
  }

  /**
   * Watches this process's own lifeline from now on, if it has one.
   *
   * @param ending told once or twice, by other threads, what has ended
   */
  public static void watch(Consumer<String> ending) {
    if (isTied(INPUT)) {
      new Lifeline(System.in, Lifeline::ownParent, ending).watch();
    }
  }

  /** Whether what a path leads to is a pipe or a socket. */
  static boolean isTied(Path input) {
    try {
      int type = (Integer) Files.getAttribute(input, "unix:mode") & TYPE;
      return type == PIPE || type == SOCKET;
    } catch (IOException | UnsupportedOperationException e) {
      // There is none, or none that could be looked at.
      return false;
    }
  }

  void watch() {
    start("dev-input", this::awaitEndOfInput);
    Optional<Long> first = parent.get();
    start("dev-parent", () -> awaitEndOfParent(first));
  }

  private void awaitEndOfInput() {
    byte[] ignored = new byte[BUFFER_BYTES];
    try {
      while (input.read(ignored) >= 0) {
        // Nothing is expected.
        continue;
      }
    } catch (IOException e) {
      // A connection that was reset has ended, too.
    }
    ending.accept("standard input is closed");
  }

  private void awaitEndOfParent(Optional<Long> first) {
    try {
      while (parent.get().equals(first)) {
        Thread.sleep(PARENT_INTERVAL.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    ending.accept("the process that started it is gone");
  }

  /** Another one, or none, as soon as the parent is dead, though nobody may have reaped it. */
  private static Optional<Long> ownParent() {
    return ProcessHandle.current().parent().map(ProcessHandle::pid);
  }

  private static void start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }
}
