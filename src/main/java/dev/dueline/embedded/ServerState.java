package dev.dueline.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * What a start leaves behind for the next one, which may find the server alive and the JVM gone.
 *
 * @param executable the real path of the binary, links followed, as the system reports it
 * @param port on 127.0.0.1
 * @param password of that start
 * @param pid 0 until the process is there
 * @param startedMs when the system says the process began, since the epoch; 0 where it does not say
 */
record ServerState(String executable, int port, String password, long pid, long startedMs) {
  /** The same server, with its process. */
  ServerState of(ProcessHandle process) {
    long started = process.info().startInstant().map(i -> i.toEpochMilli()).orElse(0L);
    return new ServerState(executable, port, password, process.pid(), started);
  }

  /** The form that {@link #read} understands. */
  String text() {
    Properties fields = new Properties();
    fields.setProperty("executable", executable);
    fields.setProperty("port", Integer.toString(port));
    fields.setProperty("password", password);
    fields.setProperty("pid", Long.toString(pid));
    fields.setProperty("startedMs", Long.toString(startedMs));
    StringWriter text = new StringWriter();
    try {
      fields.store(text, null);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }

  /** Reads a state file; empty if there is none or if it is not one. */
  static Optional<ServerState> read(Path file) {
    Properties fields = new Properties();
    try {
      fields.load(new StringReader(textOf(file)));
      return Optional.of(
          new ServerState(
              fields.getProperty("executable", ""),
              Integer.parseInt(fields.getProperty("port", "")),
              fields.getProperty("password", ""),
              Long.parseLong(fields.getProperty("pid", "")),
              Long.parseLong(fields.getProperty("startedMs", ""))));
    } catch (NoSuchFileException | IllegalArgumentException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new EmbeddedRedisException("cannot read " + file + ": " + e, e);
    }
  }

  private static String textOf(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public String toString() {
    return "ServerState[pid " + pid + ", port " + port + "]";
  }
}
