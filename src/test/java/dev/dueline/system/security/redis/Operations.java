package dev.dueline.system.security.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What docs/operations.md tells to put into {@code redis.conf}. */
public final class Operations {
  private static final Path PAGE = Path.of("docs/operations.md");
  private static final String SECTION = "## Redis with TLS and an ACL user";

  private Operations() {}

  /** The lines of users, with the placeholder for a password replaced. */
  public static List<String> users(String password) throws IOException {
    List<String> lines = Files.readAllLines(PAGE);
    List<String> users =
        lines.subList(lines.indexOf(SECTION), lines.size()).stream()
            .filter(line -> line.startsWith("user "))
            .map(line -> line.replace("PASSWORD", password))
            .toList();
    if (users.size() != 2) {
      throw new IllegalStateException(PAGE + " has no user default and user dueline: " + users);
    }
    return users;
  }

  /** The commands that the user of the service may say. */
  static List<String> commands() throws IOException {
    return List.of(users("any").get(1).split(" ")).stream()
        .filter(word -> word.startsWith("+"))
        .map(word -> word.substring(1))
        .toList();
  }
}
