package dev.dueline.client.worker;

import dev.dueline.client.Connection;
import dev.dueline.client.DuelineException;
import dev.dueline.client.Retries;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Works on the jobs of queues until it is stopped or refused: calls a handler for each, tells the
 * service how it ended, extends leases while it runs, and finds another replica when one goes away.
 * Runs once. Thread-safe.
 */
public final class Worker {
  /** For news that no event brings: time that is over, a stream that is silent. */
  private static final long TICK_MS = 50;

  /** For the last nacks of a worker that gives its jobs back. */
  private static final Duration LAST_CALLS = Duration.ofSeconds(5);

  private static final int ATTEMPTS_IN_A_LEASE = 3;

  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(
          1, daemons("dueline-worker"), new ThreadPoolExecutor.DiscardPolicy());
  private final ExecutorService pool = Executors.newCachedThreadPool(daemons("dueline-handler"));
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final WorkerSettings settings;
  private final Settler settler;
  private final Slots slots;
  private final Streams streams;

  /** These belong to the thread. */
  private @Nullable Throwable failure;

  private @Nullable StopMode stopMode;
  private long stopEndNanos;

  /** A worker that has yet to be started. */
  public Worker(Connection connection, WorkerSettings settings, JobHandler handler) {
    this(connection, settings, handler, new WorkerListener() {});
  }

  /** A worker that has yet to be started, and tells what it does. */
  public Worker(
      Connection connection, WorkerSettings settings, JobHandler handler, WorkerListener listener) {
    this.settings = settings;
    WorkerListener guarded = new GuardedListener(listener);
    Executor loop = this::execute;
    // An attempt that a frozen replica keeps leaves time for another while the lease lasts.
    Duration share = settings.lease().dividedBy(ATTEMPTS_IN_A_LEASE);
    Duration attempt =
        share.compareTo(connection.attemptTimeout()) < 0 ? share : connection.attemptTimeout();
    Retries retries = new Retries(connection, settings.lease(), attempt, guarded::callRetried);
    this.settler = new Settler(retries, loop, this::refused);
    this.slots =
        new Slots(settings, handler, guarded, settler, retries, new Slots.Executors(loop, pool));
    this.streams = new Streams(connection, settings, guarded, slots, loop, this::refused);
  }

  /** Whether a stream that ended so ends its worker; any other end is followed by a new stream. */
  public static boolean isRefusal(Status status) {
    return switch (status.getCode()) {
      case UNAUTHENTICATED,
          PERMISSION_DENIED,
          INVALID_ARGUMENT,
          FAILED_PRECONDITION,
          UNIMPLEMENTED,
          NOT_FOUND ->
          true;
      default -> false;
    };
  }

  private static ThreadFactory daemons(String name) {
    return action -> {
      Thread thread = new Thread(action, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Begins in the background; the future completes when the worker is stopped, and fails with a
   * {@link DuelineException} when the service refuses it. To be called once.
   */
  public CompletableFuture<Void> start() {
    var unused =
        thread.scheduleWithFixedDelay(() -> guard(this::tick), 0, TICK_MS, TimeUnit.MILLISECONDS);
    return end.copy();
  }

  /**
   * Works until it is stopped. An interrupt stops it, and gives back what is under way.
   *
   * @throws DuelineException when the service refuses it
   */
  public void run() throws InterruptedException {
    CompletableFuture<Void> over = start();
    try {
      over.get();
    } catch (InterruptedException e) {
      stop(StopMode.GIVE_BACK, Duration.ZERO).join();
      throw e;
    } catch (ExecutionException e) {
      throw DuelineException.of(e.getCause() == null ? e : e.getCause());
    }
  }

  /**
   * Takes no more jobs, and ends; again, with a stricter mode or a shorter time.
   *
   * @param timeout for handlers to end, in the mode that waits for them
   * @return completes when the worker has ended, in whatever way
   */
  public CompletableFuture<Void> stop(StopMode mode, Duration timeout) {
    execute(() -> beginStop(mode, timeout));
    return end.handle((ended, ignored) -> null);
  }

  private void execute(Runnable action) {
    thread.execute(() -> guard(action));
  }

  /** A fault of the library ends the worker, and is not lost. */
  private void guard(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      failure = failure == null ? e : failure;
      finish();
    }
  }

  private void refused(DuelineException refusal) {
    failure = failure == null ? refusal : failure;
    beginStop(StopMode.WAIT, settings.lease());
  }

  private void beginStop(StopMode mode, Duration timeout) {
    // Half: what is later than all others is still comparable.
    long longestNanos = Long.MAX_VALUE / 2;
    long endNanos =
        System.nanoTime() + Math.min(TimeUnit.NANOSECONDS.convert(timeout), longestNanos);
    if (stopMode == null) {
      streams.stopAll();
      stopMode = StopMode.WAIT;
      stopEndNanos = endNanos;
    }
    if (mode == StopMode.GIVE_BACK) {
      giveBack();
    } else if (stopMode == StopMode.WAIT && endNanos - stopEndNanos < 0) {
      stopEndNanos = endNanos;
    }
    endIfOver();
  }

  private void giveBack() {
    if (stopMode != StopMode.GIVE_BACK) {
      stopMode = StopMode.GIVE_BACK;
      stopEndNanos = System.nanoTime() + LAST_CALLS.toNanos();
      slots.giveBackAll();
    }
  }

  private void tick() {
    slots.tick(System.nanoTime());
    streams.tick();
    endIfOver();
  }

  private void endIfOver() {
    if (stopMode == null) {
      return;
    }
    boolean isLate = System.nanoTime() - stopEndNanos > 0;
    if (slots.isIdle() && settler.isIdle() && streams.areOver()) {
      finish();
    } else if (isLate && stopMode == StopMode.WAIT) {
      giveBack();
    } else if (isLate) {
      finish();
    }
  }

  private void finish() {
    streams.close();
    thread.shutdownNow();
    pool.shutdown();
    // Not on the thread that is over: callers may do what they like in their continuation.
    if (failure == null) {
      end.completeAsync(() -> null);
    } else {
      Throwable why = failure;
      end.completeAsync(
          () -> {
            throw new CompletionException(why);
          });
    }
  }
}
