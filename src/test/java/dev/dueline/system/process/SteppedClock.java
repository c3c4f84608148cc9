package dev.dueline.system.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The time of day of processes that are started with it, which is that of the machine but for an
 * offset. It takes a C compiler, and a {@code redis-server} that is linked dynamically: that of
 * Debian, in place of that of the class path. Thread-safe.
 */
public final class SteppedClock {
  private static final Path SOURCE = Path.of("src", "test", "c", "stepped_clock.c");
  private static final Path LIBRARY = Path.of("target", "stepped_clock.so");
  private static final Path SERVER = Path.of("/usr/bin/redis-server");

  private final Path file;

  /** The last is the one that holds. */
  private final List<Duration> offsets = new CopyOnWriteArrayList<>();

  private SteppedClock(Path file) {
    this.file = file;
    step(Duration.ZERO);
  }

  /**
   * One that goes as the machine's yet.
   *
   * @param directory made if it is missing
   * @return empty: it cannot be had on this machine
   */
  public static Optional<SteppedClock> in(Path directory) {
    try {
      Files.createDirectories(directory);
      boolean isGiven = System.getProperty("dueline.test.redis-server") != null;
      return !isGiven && Files.isExecutable(SERVER) && compiles()
          ? Optional.of(new SteppedClock(directory.resolve("clock").toAbsolutePath()))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean compiles() {
    try {
      return new ProcessBuilder(
                  "cc", "-shared", "-fPIC", "-o", LIBRARY.toString(), SOURCE.toString())
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start()
              .onExit()
              .join()
              .exitValue()
          == 0;
    } catch (IOException e) {
      // There is none.
      return false;
    }
  }

  /** What processes are started with. */
  Map<String, String> environment() {
    return Map.of(
        "LD_PRELOAD", LIBRARY.toAbsolutePath().toString(), "STEPPED_CLOCK", file.toString());
  }

  /** A server that takes it. */
  String server() {
    return SERVER.toString();
  }

  /** So far it is ahead of the machine's from now on, or behind it. */
  public void step(Duration ahead) {
    ByteBuffer nanos = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    nanos.putLong(ahead.toNanos()).flip();
    try (FileChannel to =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      to.write(nanos, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    offsets.add(ahead);
  }

  /** How far it was ahead of the machine's, from the beginning until now. */
  public List<Duration> offsets() {
    return List.copyOf(offsets);
  }

  /** How far it is ahead of the machine's. */
  public Duration offset() {
    List<Duration> all = offsets();
    return all.get(all.size() - 1);
  }
}
