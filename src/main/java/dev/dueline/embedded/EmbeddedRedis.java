package dev.dueline.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import org.jboss.logging.Logger;

/**
 * A running {@code redis-server} child process that keeps its data in a directory: AOF, synced
 * every second, reachable from this machine alone and with a password of this start.
 *
 * <p>It runs until {@link #close}, and is started again when it ends by itself; while the JVM shuts
 * down too, since the service drains then. If the JVM dies without closing it, it ends as well, or
 * the next start on the directory ends it first: {@link Leftovers}. Safe for use by several
 * threads.
 */
public final class EmbeddedRedis implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(EmbeddedRedis.class);

  /** Each try picks another free port, which somebody else may take before Redis does. */
  private static final int PORT_TRIES = 10;

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private final DataDirectory directory;
  private final int port;
  private final String password;
  private final Supervision supervision;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private EmbeddedRedis(DataDirectory directory, Path executable, ServerProcess server) {
    this.directory = directory;
    this.port = server.port();
    this.password = server.password();
    this.supervision =
        Supervision.of(
            directory,
            server,
            () -> ServerProcess.start(directory, executable, server.port(), server.password()));
  }

  /**
   * Starts a server and waits until it has loaded its data and serves.
   *
   * @param dataDir created if it is missing
   * @param binary the server to run; empty for the one on the class path
   * @throws EmbeddedRedisException if it cannot run, or another instance uses the directory
   */
  public static EmbeddedRedis start(Path dataDir, Optional<Path> binary) {
    DataDirectory directory = DataDirectory.open(dataDir, Leftovers.SERVER_AND_DATA);
    return start(directory, binary, EmbeddedRedis::freePort);
  }

  /** Starts a server as {@link #start} does, which ends with this JVM, however that ends. */
  public static EmbeddedRedis startBound(Path dataDir, Optional<Path> binary) {
    DataDirectory directory = DataDirectory.open(dataDir, Leftovers.DATA);
    return start(directory, binary, EmbeddedRedis::freePort);
  }

  /**
   * Starts a server as {@link #startBound} does, on a directory of its own, which is removed when
   * the server ends.
   *
   * @param prefix of the directory's name, below {@code java.io.tmpdir}
   */
  public static EmbeddedRedis startTemporary(String prefix, Optional<Path> binary) {
    return start(DataDirectory.temporary(prefix), binary, EmbeddedRedis::freePort);
  }

  static EmbeddedRedis start(DataDirectory directory, Optional<Path> binary, IntSupplier ports) {
    boolean started = false;
    try {
      Orphan.end(directory);
      Path executable =
          binary.map(RedisBinary::given).orElseGet(() -> RedisBinary.extract(directory.path()));
      EmbeddedRedis redis =
          new EmbeddedRedis(directory, executable, launch(directory, executable, ports));
      started = true;
      return redis;
    } finally {
      if (!started) {
        directory.close();
      }
    }
  }

  /** What a Redis client connects to, password included. */
  public URI hosts() {
    return URI.create("redis://:" + password + "@127.0.0.1:" + port);
  }

  /** The port on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** Where the data is: an absolute path. */
  public Path dataDir() {
    return directory.path();
  }

  /**
   * Ends the server, which writes its data first, and waits for it up to ten seconds. One that
   * takes longer is left to end by itself; the next start waits for it.
   */
  @Override
  public void close() {
    if (!isClosed.compareAndSet(false, true)) {
      return;
    }
    stop(directory, supervision.close());
    directory.close();
  }

  private static ServerProcess launch(DataDirectory directory, Path executable, IntSupplier ports) {
    for (int i = 0; i < PORT_TRIES; i++) {
      ServerProcess server =
          ServerProcess.start(directory, executable, ports.getAsInt(), RedisConf.newPassword());
      if (becomesReady(directory, server)) {
        return server;
      }
    }
    throw new EmbeddedRedisException(
        "The embedded Redis got none of %d ports on 127.0.0.1; its log: %s"
            .formatted(PORT_TRIES, directory.log()));
  }

  private static boolean becomesReady(DataDirectory directory, ServerProcess server) {
    // Nobody can close a server that has not been handed out yet.
    Thread hook =
        new Thread(
            () -> {
              stop(directory, server);
              directory.close();
            },
            "embedded-redis-stop");
    boolean ready = false;
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      ready = server.awaitReady() && Runtime.getRuntime().removeShutdownHook(hook);
      return ready;
    } catch (IllegalStateException e) {
      throw new EmbeddedRedisException("the service is stopping already", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedRedisException("interrupted while the embedded Redis starts", e);
    } finally {
      if (!ready) {
        stop(directory, server);
        forget(hook);
      }
    }
  }

  /** Left registered, the hook would remove the state of a later server. */
  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.debug("The JVM ends, and with it its hooks", e);
    }
  }

  private static void stop(DataDirectory directory, ServerProcess server) {
    if (server.stop(STOP_TIMEOUT)) {
      directory.deleteState();
    } else {
      LOG.warnf("The embedded Redis is still writing to %s", directory.path());
    }
  }

  private static int freePort() {
    try (ServerSocket socket =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new EmbeddedRedisException("No free port on 127.0.0.1: " + e.getMessage(), e);
    }
  }
}
