package dev.dueline.system.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * The {@code redis-server} to test with: that of {@code -Ddueline.test.redis-server=/path}, or the
 * one of the class path for this machine, written to {@code target} once.
 */
final class RedisBinary {
  private static final String VERSION = "7.0.15";

  private RedisBinary() {}

  static synchronized Path path() {
    String given = System.getProperty("dueline.test.redis-server");
    try {
      return given == null ? written() : Path.of(given);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path written() throws IOException {
    String name = "redis-server-" + VERSION + "-" + platform();
    Path binary = Path.of("target", "redis-server", name).toAbsolutePath();
    if (!Files.isExecutable(binary)) {
      Files.createDirectories(binary.getParent());
      Path written = Files.createTempFile(binary.getParent(), name, ".part");
      try (InputStream in = RedisBinary.class.getResourceAsStream("/" + name)) {
        if (in == null) {
          throw new IOException("not on the class path: " + name);
        }
        Files.copy(in, written, StandardCopyOption.REPLACE_EXISTING);
      }
      if (!written.toFile().setExecutable(true)) {
        throw new IOException("cannot make executable: " + written);
      }
      Files.move(written, binary, StandardCopyOption.ATOMIC_MOVE);
    }
    return binary;
  }

  private static String platform() {
    boolean isMac = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
    String processor = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    return (isMac ? "darwin-" : "linux-") + processor;
  }
}
