package dev.dueline.client;

import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceStub;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls with one answer, and makes one again while the service is unavailable, until the time
 * of the call is over. An attempt that is not answered in its own time is made again only where a
 * repeat is safe. Waits are left to chance, up to 100 ms first and 2 s at last. Thread-safe.
 */
public final class Retries {
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  private final Connection connection;
  private final Duration timeout;
  private final Duration attemptTimeout;
  private final Consumer<Status> listener;

  /**
   * Calls over a connection.
   *
   * @param timeout for each call, with all its attempts
   * @param attemptTimeout for each attempt
   * @param listener is told why a call is made again, on a thread of the connection
   */
  public Retries(
      Connection connection, Duration timeout, Duration attemptTimeout, Consumer<Status> listener) {
    this.connection = connection;
    this.timeout = timeout;
    this.attemptTimeout = attemptTimeout;
    this.listener = listener;
  }

  /** Calls that have the times of the connection's settings. */
  public static Retries of(Connection connection) {
    return new Retries(connection, connection.timeout(), connection.attemptTimeout(), status -> {});
  }

  /**
   * Makes a call; its future fails with a {@link DuelineException}. Cancelling it ends the
   * attempts.
   *
   * @param call makes one attempt
   * @param isRepeatable whether a second one is safe where the first may have been carried out
   */
  public <A> CompletableFuture<A> call(
      BiConsumer<SchedulerServiceStub, StreamObserver<A>> call, boolean isRepeatable) {
    Attempts<A> attempts = new Attempts<>(call, isRepeatable);
    attempts.next();
    return attempts.result;
  }

  /** One call, whose attempts follow each other. */
  private final class Attempts<A> implements StreamObserver<A> {
    private final CompletableFuture<A> result = new CompletableFuture<>();
    private final long endNanos = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
    private final Backoff backoff =
        Backoff.fullJitter(new SplittableRandom(), FIRST_WAIT, LONGEST_WAIT);
    private final BiConsumer<SchedulerServiceStub, StreamObserver<A>> call;
    private final boolean isRepeatable;
    private @Nullable A answer;

    Attempts(BiConsumer<SchedulerServiceStub, StreamObserver<A>> call, boolean isRepeatable) {
      this.call = call;
      this.isRepeatable = isRepeatable;
    }

    void next() {
      if (!result.isDone()) {
        long nanos = Math.min(TimeUnit.NANOSECONDS.convert(attemptTimeout), leftNanos());
        call.accept(connection.streaming().withDeadlineAfter(nanos, TimeUnit.NANOSECONDS), this);
      }
    }

    private long leftNanos() {
      return endNanos - System.nanoTime();
    }

    @Override
    public void onNext(A value) {
      answer = value;
    }

    @Override
    public void onCompleted() {
      result.complete(answer);
    }

    @Override
    public void onError(Throwable failure) {
      Status status = Status.fromThrowable(failure);
      long waitNanos = backoff.next().toNanos();
      if (!mayRepeat(status.getCode()) || waitNanos >= leftNanos()) {
        result.completeExceptionally(DuelineException.of(failure));
        return;
      }
      listener.accept(status);
      connection.reconnect();
      Executor later = CompletableFuture.delayedExecutor(waitNanos, TimeUnit.NANOSECONDS);
      later.execute(this::next);
    }

    private boolean mayRepeat(Status.Code code) {
      boolean isTransient =
          code == Status.Code.UNAVAILABLE
              || (isRepeatable && code == Status.Code.DEADLINE_EXCEEDED);
      return isTransient && !connection.isClosed() && !result.isDone();
    }
  }
}
