package dev.dueline.ops.security.material;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Files of keys and certificates, which are small: whatever is not is refused unread. */
final class SmallFile {
  /** A bundle of all public authorities has a quarter of it. */
  static final int MAX_BYTES = 1 << 20;

  private SmallFile() {}

  /** All that a file has; a pipe or device, which may never end, is not one. */
  static byte[] read(Path file) throws IOException {
    if (Files.notExists(file)) {
      throw new NoSuchFileException(file + " is not there");
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + " is no file that can be read");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] all = in.readNBytes(MAX_BYTES + 1);
      if (all.length > MAX_BYTES) {
        throw new IOException(file + " has more than " + MAX_BYTES + " bytes");
      }
      return all;
    }
  }
}
