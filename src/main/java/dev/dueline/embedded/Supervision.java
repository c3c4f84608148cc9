package dev.dueline.embedded;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts a server again each time when it has ended by itself, until this is closed: a thread waits
 * for the end, then for a backoff that doubles and is random by half. Each reason is logged once,
 * and that the server is back.
 */
final class Supervision {
  private static final Logger LOG = Logger.getLogger(Supervision.class);

  private static final long FIRST_BACKOFF_MS = 100;

  /** Each try costs a process; whoever has removed the cause does not wait for longer. */
  private static final long LONGEST_BACKOFF_MS = 30_000;

  /** One that ran for so long did not end for the reason for which the last one did. */
  private static final Duration STEADY = Duration.ofMinutes(1);

  /** For one that neither ended nor answered: two on the same data would be worse. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private final DataDirectory directory;
  private final Supplier<ServerProcess> starts;
  private final CountDownLatch closing = new CountDownLatch(1);
  private ServerProcess server;

  /** Of the thread only. */
  private int failures;

  private String saidReason = "";
  private boolean isSaidBack = true;

  private Supervision(
      DataDirectory directory, ServerProcess server, Supplier<ServerProcess> starts) {
    this.directory = directory;
    this.server = server;
    this.starts = starts;
  }

  /**
   * Begins to watch a server that is ready.
   *
   * @param starts another one on the same port, without waiting until it is ready
   */
  static Supervision of(
      DataDirectory directory, ServerProcess server, Supplier<ServerProcess> starts) {
    Supervision supervision = new Supervision(directory, server, starts);
    Thread thread = new Thread(supervision::run, "embedded-redis");
    thread.setDaemon(true);
    thread.start();
    return supervision;
  }

  /** Starts none from now on. Gives the last one, which may run, be starting or have ended. */
  synchronized ServerProcess close() {
    closing.countDown();
    return server;
  }

  private void run() {
    while (true) {
      ServerProcess ready = current();
      long sinceNanos = System.nanoTime();
      ready.onExit().join();
      if (isClosed()) {
        return;
      }
      if (System.nanoTime() - sinceNanos > STEADY.toNanos()) {
        failures = 0;
        saidReason = "";
      }
      // What it said last is what it said while all was well, and differs.
      say("code " + ready.exitCode(), "ended by itself " + ready.ending());
      do {
        if (isClosedWithin(backoffMs())) {
          return;
        }
      } while (!isStartedAgain());
    }
  }

  private boolean isStartedAgain() {
    ServerProcess next = null;
    boolean isReady = false;
    try {
      next = startUnlessClosed();
      isReady = next != null && next.awaitReady();
      if (next != null && !isReady) {
        say("port", "does not start again: somebody else has taken its port " + next.port());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      String why = next != null && next.hasEnded() ? "it ended " + next.ending() : e.toString();
      // Numbers differ each time: of processes, of bytes.
      say(why.replaceAll("[0-9]+", "0"), "does not start again: " + why);
    } finally {
      if (next != null && !isReady) {
        next.end(STOP_TIMEOUT);
      }
    }
    if (isReady && !isSaidBack) {
      isSaidBack = true;
      LOG.info("The embedded Redis runs again, on the same data and port");
    }
    return isReady || isClosed();
  }

  /** Not while it is closed: whoever closes this ends the last server that there is. */
  private synchronized @Nullable ServerProcess startUnlessClosed() {
    if (isClosed()) {
      return null;
    }
    ServerProcess next = starts.get();
    server = next;
    return next;
  }

  private synchronized ServerProcess current() {
    return server;
  }

  /** Unless the same was said last. */
  private void say(String reason, String words) {
    if (!isClosed() && !reason.equals(saidReason)) {
      saidReason = reason;
      isSaidBack = false;
      LOG.errorf(
          "The embedded Redis %s. No jobs go in or out until it runs; it is tried again and again."
              + " Its logs: %s, and redis.log.1 of the start before",
          words, directory.log());
    }
  }

  private long backoffMs() {
    long mostMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS << Math.min(failures, 10));
    failures++;
    return ThreadLocalRandom.current().nextLong(mostMs / 2, mostMs + 1);
  }

  private boolean isClosed() {
    return closing.getCount() == 0;
  }

  private boolean isClosedWithin(long ms) {
    try {
      return closing.await(ms, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
