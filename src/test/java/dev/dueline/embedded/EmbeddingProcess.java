package dev.dueline.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Another JVM that runs an embedded Redis, as a service would, until it is killed. */
final class EmbeddingProcess implements AutoCloseable {
  private final Process jvm;
  private final int port;

  private EmbeddingProcess(Process jvm, int port) {
    this.jvm = jvm;
    this.port = port;
  }

  /** Prints the port, and waits for ever. */
  public static void main(String[] args) throws Exception {
    Path dir = Path.of(args[1]);
    EmbeddedRedis redis =
        switch (Leftovers.valueOf(args[0])) {
          case SERVER_AND_DATA -> EmbeddedRedis.start(dir, Optional.empty());
          case DATA -> EmbeddedRedis.startBound(dir, Optional.empty());
          case NOTHING -> EmbeddedRedis.startTemporary("embedding-", Optional.empty());
        };
    System.out.println("port " + redis.port());
    Thread.currentThread().join();
  }

  static EmbeddingProcess start(Path dataDir) throws IOException {
    return start(Leftovers.SERVER_AND_DATA, dataDir);
  }

  /**
   * Starts one of which so much may be left.
   *
   * @param dir of the data, or what a temporary directory of it is made in
   */
  static EmbeddingProcess start(Leftovers leftovers, Path dir) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process jvm =
        new ProcessBuilder(
                java,
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                "-Djava.io.tmpdir=" + dir,
                EmbeddingProcess.class.getName(),
                leftovers.name(),
                dir.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output = jvm.inputReader();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith("port ")) {
        return new EmbeddingProcess(jvm, Integer.parseInt(line.substring("port ".length())));
      }
    }
    throw new IOException("the service did not start");
  }

  int port() {
    return port;
  }

  long pid() {
    return jvm.pid();
  }

  /** SIGKILL: no hook runs. */
  void kill() throws InterruptedException {
    jvm.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
