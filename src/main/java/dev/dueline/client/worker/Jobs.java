package dev.dueline.client.worker;

import dev.dueline.client.Connection;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Jobs one after the other, for those who want no handler. As many as the worker's concurrency may
 * be taken and not yet settled; their leases are extended meanwhile, up to its longest run time.
 * Thread-safe.
 */
public final class Jobs implements AutoCloseable {
  private final BlockingQueue<Taken> waiting = new LinkedBlockingQueue<>();
  private final Worker worker;
  private final CompletableFuture<Void> end;

  /** Begins to take jobs. */
  public Jobs(Connection connection, WorkerSettings settings) {
    worker =
        new Worker(
            connection,
            settings,
            delivery -> {
              CompletableFuture<Result> result = new CompletableFuture<>();
              // The first word counts: what was settled before stays so.
              delivery.onCancel(() -> result.complete(Result.giveBack()));
              waiting.add(new Taken(delivery, result));
              return result;
            });
    end = worker.start();
  }

  /**
   * A job, which has to be settled.
   *
   * @param delivery the job
   * @param result to be completed with what is to become of it
   */
  public record Taken(Delivery delivery, CompletableFuture<Result> result) {
    /** The job is done. */
    public void ack() {
      settle(Result.done());
    }

    /** What is to become of the job; the first word counts. */
    public void settle(Result what) {
      result.complete(what);
    }
  }

  /**
   * The next job; null: none came in time.
   *
   * @throws java.util.concurrent.CompletionException when the service refused
   */
  public @Nullable Taken next(Duration longest) throws InterruptedException {
    long endNanos = System.nanoTime() + TimeUnit.NANOSECONDS.convert(longest);
    while (true) {
      // In steps, as a refusal does not wake who waits here.
      long stepNanos = Math.min(endNanos - System.nanoTime(), TimeUnit.SECONDS.toNanos(1));
      Taken taken = waiting.poll(stepNanos, TimeUnit.NANOSECONDS);
      if (taken != null && !taken.delivery().isCancelled()) {
        return taken;
      }
      if (end.isDone()) {
        end.join();
        return null;
      }
      if (System.nanoTime() - endNanos >= 0) {
        return null;
      }
    }
  }

  /** Takes no more jobs; those that are not settled go back uncounted. */
  @Override
  public void close() {
    waiting.clear();
    worker.stop(StopMode.GIVE_BACK, Duration.ZERO).join();
  }
}
