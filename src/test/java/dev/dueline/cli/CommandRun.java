package dev.dueline.cli;

import dev.dueline.cli.text.Console;
import dev.dueline.client.ScriptedScheduler;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** What one command line did: exit code, and the lines it wrote. */
public record CommandRun(int exitCode, List<String> out, List<String> err) {
  /** More than a machine stands still: whatever answers does so in time. */
  private static final String TIMEOUT = "60s";

  private static final Dueline.ServiceSide NO_SERVICE =
      new Dueline.ServiceSide(
          options -> {
            throw new UnsupportedOperationException("starts no service here");
          },
          (query, console) -> {
            throw new UnsupportedOperationException("has no Redis here");
          });

  /** Runs a command line against a server, with nothing on its standard input. */
  public static CommandRun on(ScriptedScheduler server, String... args) {
    return of(server.address(), "", args);
  }

  /** Runs a command line, with the server's address and the timeout before the command. */
  public static CommandRun of(String server, String in, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Console console =
        new Console(
            new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
            new PrintWriter(out),
            new PrintWriter(err));
    String[] all =
        Stream.concat(Stream.of("--server", server, "--timeout", TIMEOUT), Stream.of(args))
            .toArray(String[]::new);
    int exitCode = Dueline.run(console, NO_SERVICE, all);
    return new CommandRun(
        exitCode, out.toString().lines().toList(), err.toString().lines().toList());
  }
}
