package dev.dueline.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The command line of a server that ends with this JVM, however that ends: a shell forks a watcher
 * and becomes the server. The watcher reads the other end of the server's standard input, which
 * only this JVM has open, and gets to its end when the JVM is gone, or the server. It is nobody's
 * descendant, and ignores what a terminal sends to a process group: so it stays where all processes
 * of a tree are killed.
 *
 * <p>POSIX only, so it holds on Linux and on macOS; where there is no shell, the server is started
 * as it is, and runs on.
 */
final class BoundServer {
  private static final Path SHELL = Path.of("/bin/sh");

  /**
   * Arguments: the signal for the server, the directory to be removed or nothing, and the server's
   * command. While the JVM lives, the directory is its own, also after its server has ended; a
   * process that nobody has reaped counts as dead, and has no {@code exe} on Linux. Files that a
   * dying server makes meanwhile need another try.
   */
  private static final String SCRIPT =
      """
      exec 3<&0 </dev/null
      server=$$
      jvm=$PPID
      lives() { if [ -d /proc/self ]; then [ -e "/proc/$jvm/exe" ]; else kill -0 "$jvm"; fi; }
      (
        (
          trap '' HUP INT TERM
          read -r end <&3
          kill -s "$1" "$server"
          while [ -d "$2" ] && lives; do sleep 1; done
          for try in 1 2 3 4 5; do
            [ -z "$2" ] || rm -rf "$2" && exit
            sleep 1
          done
        ) &
      ) >/dev/null 2>&1
      shift 2
      exec "$@" 3<&-
      """;

  private BoundServer() {}

  /** The command that starts a server on a directory, of which so much may be left. */
  static List<String> command(Leftovers leftovers, Path directory, List<String> server) {
    if (leftovers == Leftovers.SERVER_AND_DATA || !Files.isExecutable(SHELL)) {
      return server;
    }
    boolean isNothingLeft = leftovers == Leftovers.NOTHING;
    List<String> shell =
        List.of(
            SHELL.toString(),
            "-c",
            SCRIPT,
            "dueline",
            isNothingLeft ? "KILL" : "TERM",
            isNothingLeft ? directory.toString() : "");
    return Stream.concat(shell.stream(), server.stream()).toList();
  }
}
