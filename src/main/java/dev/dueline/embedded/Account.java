package dev.dueline.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The account that this process runs as. */
final class Account {
  private static final Path STATUS = Path.of("/proc/self/status");

  /**
   * Of the users in a line of that file: real, effective, saved, and the one that owns new files.
   */
  private static final int FILE_SYSTEM_USER = 4;

  private Account() {}

  /**
   * Whether a path belongs to it. By number where Linux tells it, since an account in a container
   * may have no name; by name elsewhere.
   */
  static boolean isOwner(Path path, int uid) throws IOException {
    return Files.exists(STATUS)
        ? uid == number()
        : Files.getOwner(path, LinkOption.NOFOLLOW_LINKS)
            .getName()
            .equals(System.getProperty("user.name"));
  }

  private static int number() throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("Uid:"))
        .map(line -> Integer.parseUnsignedInt(line.strip().split("\\s+", -1)[FILE_SYSTEM_USER]))
        .findFirst()
        .orElseThrow(() -> new IOException(STATUS + " names no user"));
  }
}
