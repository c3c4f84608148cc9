package dev.dueline.cli.file;

import dev.dueline.cli.text.UsageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Jobs of a file, a line of JSON each. */
public final class FileOptions {
  private static final String STANDARD_INPUT = "-";

  @Option(
      names = "--from-file",
      paramLabel = "FILE",
      description = {
        "Stores a job a line of JSON, in batches; - reads standard input. Names are those of"
            + " get --json: queue, job_id, payload (text, or any JSON), due_time or delay,"
            + " attributes, ttl, conflict_policy, cron, interval, max_attempts and so on; QUEUE is"
            + " for lines without one. A repeat within ten minutes stores nothing twice."
      })
  private @Nullable String file;

  @Option(
      names = "--progress",
      paramLabel = "FILE",
      description =
          "With --from-file: keeps in FILE how many lines are done, and goes on behind them.")
  private @Nullable Path progress;

  /** Whether there is such a file. */
  public boolean isGiven() {
    return file != null;
  }

  /** The lines; fails with {@link UsageException} where there are none to be read. */
  BufferedReader open(InputStream in) {
    try {
      InputStream lines =
          STANDARD_INPUT.equals(file) ? in : Files.newInputStream(Path.of(String.valueOf(file)));
      return new BufferedReader(new InputStreamReader(lines, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UsageException("--from-file " + file + " cannot be read");
    }
  }

  /**
   * Names the file in request ids, so that a line of it is known again; empty: it is a stream,
   * which may well say the same twice.
   */
  String identity() {
    return STANDARD_INPUT.equals(file)
        ? ""
        : Path.of(String.valueOf(file)).toAbsolutePath().toString();
  }

  /** How many lines an earlier run has done. */
  long linesDone() throws IOException {
    if (progress == null || !Files.exists(progress)) {
      return 0;
    }
    try {
      return Long.parseLong(Files.readString(progress).strip());
    } catch (NumberFormatException e) {
      throw new UsageException("--progress " + progress + " is no file of an earlier run");
    }
  }

  /** Keeps how many lines are done. */
  void keep(long linesDone) throws IOException {
    if (progress != null) {
      Files.writeString(progress, linesDone + "\n");
    }
  }
}
