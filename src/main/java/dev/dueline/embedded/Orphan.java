package dev.dueline.embedded;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Ends a server that outlived its JVM, so that no second one opens the same data. Signals go only
 * to a process whose executable and start are those that were recorded; otherwise a server that
 * knows the recorded password is asked to end by Redis's own command (the state may have been
 * written before the process was there, or the system's clock set since).
 */
final class Orphan {
  private static final Logger LOG = Logger.getLogger(Orphan.class);

  /** SIGTERM makes Redis write and sync its file, which on a busy disk takes a while. */
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private static final long POLL_MS = 20;

  /** Linux derives a start from the boot time in whole seconds, each JVM anew. */
  private static final long START_TOLERANCE_MS = 2_000;

  private Orphan() {}

  /** Ends what the state file names, if it is there and ours, and removes the file. */
  static void end(DataDirectory directory) {
    ServerState.read(directory.state()).ifPresent(state -> end(state, directory));
    directory.deleteState();
  }

  private static void end(ServerState state, DataDirectory directory) {
    ProcessHandle process = ProcessHandle.of(state.pid()).orElse(null);
    if (process != null && isServer(process, state)) {
      LOG.infof("Ending the Redis of an earlier start (pid %d)", process.pid());
      terminate(process, state, directory);
    } else if (RedisProbe.shutDown(state.port(), state.password(), TIMEOUT)) {
      LOG.infof("Ended the Redis of an earlier start (port %d)", state.port());
    }
  }

  /** Whether a process is the one that the state describes, and not another with its pid. */
  static boolean isServer(ProcessHandle process, ServerState state) {
    ProcessHandle.Info info = process.info();
    String command = info.command().orElse("");
    boolean sameExecutable =
        command.equals(state.executable()) || command.equals(state.executable() + " (deleted)");
    return process.isAlive()
        && sameExecutable
        && info.startInstant()
            .map(start -> Math.abs(start.toEpochMilli() - state.startedMs()) <= START_TOLERANCE_MS)
            .orElse(false);
  }

  private static void terminate(ProcessHandle process, ServerState state, DataDirectory directory) {
    process.destroy();
    if (ends(process, state)) {
      return;
    }
    LOG.warnf("The Redis of an earlier start (pid %d) ignores SIGTERM: killing", process.pid());
    process.destroyForcibly();
    if (!ends(process, state)) {
      throw new EmbeddedRedisException(
          "The Redis of an earlier start (pid %d) still runs on %s and cannot be ended"
              .formatted(process.pid(), directory.path()));
    }
  }

  /**
   * Whether the process ends in time. One that has ended may stay a zombie for ever, where nobody
   * reaps (a container whose first process is {@code sleep}); it has no executable any more.
   */
  private static boolean ends(ProcessHandle process, ServerState state) {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    CompletableFuture<ProcessHandle> exit = process.onExit();
    while (isServer(process, state)) {
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      try {
        exit.get(POLL_MS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        continue;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new EmbeddedRedisException("interrupted while an earlier Redis ends", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
    return true;
  }
}
