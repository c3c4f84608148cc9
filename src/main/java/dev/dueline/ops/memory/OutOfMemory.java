package dev.dueline.ops.memory;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.Thread.UncaughtExceptionHandler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The end of the process for lack of memory: one line on standard error, and an exit code. */
public final class OutOfMemory {
  /** What {@code -XX:+ExitOnOutOfMemoryError} ends a JVM with, and a native binary. */
  public static final int EXIT_CODE = 3;

  private static final AtomicBoolean IS_ENDING = new AtomicBoolean();

  /** Made while there is memory for it. */
  private static final byte[] BARE_LINE = line("no heap is left");

  /**
   * Standard error without the buffers and locks of {@code System.err}; null before the watch. Not
   * made by the class itself, as a native image would keep it from its build.
   */
  private static volatile @Nullable FileOutputStream err;

  private OutOfMemory() {}

  /** From now on, an OutOfMemoryError in any thread ends the process. To be called once. */
  public static void watch() {
    err = new FileOutputStream(FileDescriptor.err);
    UncaughtExceptionHandler next = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          endIfSeen(failure);
          handOn(next, thread, failure);
        });
    MemoryWatch.start();
  }

  /** As the JVM does with what no handler takes. */
  private static void handOn(
      @Nullable UncaughtExceptionHandler next, Thread thread, Throwable failure) {
    if (next != null) {
      next.uncaughtException(thread, failure);
    } else {
      System.err.print("Exception in thread \"" + thread.getName() + "\" ");
      failure.printStackTrace();
    }
  }

  /** Ends the process if this, or what caused it, is an OutOfMemoryError. */
  static void endIfSeen(@Nullable Throwable failure) {
    Throwable cause = failure;
    // As deep as causes go in earnest; they may form a ring.
    for (int depth = 0; cause != null && depth < 20; depth++) {
      if (cause instanceof OutOfMemoryError) {
        end(cause);
      }
      cause = cause.getCause();
    }
  }

  private static void end(Throwable error) {
    String message;
    try {
      message = error.getMessage() + ", in thread " + Thread.currentThread().getName();
    } catch (OutOfMemoryError e) {
      end(BARE_LINE);
      return;
    }
    end(message);
  }

  /** Ends the process, without hooks: they would need memory, and might wait. */
  static void end(String what) {
    byte[] line;
    try {
      line = line(what);
    } catch (OutOfMemoryError e) {
      line = BARE_LINE;
    }
    end(line);
  }

  private static void end(byte[] line) {
    if (IS_ENDING.compareAndSet(false, true)) {
      FileOutputStream stream = err;
      try {
        if (stream != null) {
          stream.write(line);
        }
      } catch (IOException | OutOfMemoryError e) {
        // Nobody listens, but the code says it, too.
      } finally {
        Runtime.getRuntime().halt(EXIT_CODE);
      }
    }
  }

  private static byte[] line(String what) {
    return ("Out of memory: "
            + what
            + ". Ending with code "
            + EXIT_CODE
            + ", so that whatever runs this starts it anew; give it a larger -Xmx, or lower"
            + " dueline.limits.*"
            + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }
}
