package dev.dueline.client;

import dev.dueline.v1.DueJob;
import dev.dueline.v1.LeaseOutcome;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Acknowledges jobs from a thread of its own: what has gathered while one call was out goes with
 * the next. Tries again while the service is unavailable. What waits here is bounded by the
 * watcher's outstanding jobs. Thread-safe.
 */
public final class Acker implements AutoCloseable {
  /** Tokens that the contract allows in one call. */
  private static final int MAX_TOKENS = 1_000;

  /** The end of a process should not wait for longer. */
  private static final Duration LAST_TRIES = Duration.ofSeconds(3);

  private static final DueJob END = DueJob.getDefaultInstance();

  private final Leases leases;
  private final AckListener listener;
  private final Backoff backoff = new Backoff(new SplittableRandom());
  private final BlockingQueue<DueJob> waiting = new LinkedBlockingQueue<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "dueline-acks");
  private volatile long lastTryNanos;
  private volatile boolean isComplete = true;

  /** Begins to wait for jobs. */
  public Acker(Leases leases, AckListener listener) {
    this.leases = leases;
    this.listener = listener;
    thread.setDaemon(true);
    thread.start();
  }

  /** Acknowledges jobs, soon. */
  public void add(List<DueJob> jobs) {
    // A lease token is never needed with the payload, which may be large.
    jobs.forEach(job -> waiting.add(job.toBuilder().clearPayload().clearAttributes().build()));
  }

  /** Whether every ack so far counted. */
  public boolean isComplete() {
    return isComplete;
  }

  /** Sends what waits; against a service that is away it tries on for 3 s. */
  @Override
  public void close() throws InterruptedException {
    lastTryNanos = System.nanoTime() + LAST_TRIES.toNanos();
    closing.countDown();
    waiting.add(END);
    thread.join();
  }

  private void run() {
    try {
      boolean isEnd = false;
      while (!isEnd) {
        List<DueJob> batch = new ArrayList<>();
        batch.add(waiting.take());
        waiting.drainTo(batch, MAX_TOKENS - 1);
        isEnd = batch.remove(END);
        if (!batch.isEmpty()) {
          acknowledge(batch);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void acknowledge(List<DueJob> batch) throws InterruptedException {
    List<String> tokens = batch.stream().map(DueJob::getLeaseToken).toList();
    boolean isRepeated = false;
    while (true) {
      try {
        report(batch, leases.ack(tokens), isRepeated);
        backoff.reset();
        return;
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() != Status.Code.UNAVAILABLE || !mayTryAgain()) {
          tell(() -> listener.failed(batch, e));
          return;
        }
        isRepeated = true;
      }
    }
  }

  private boolean mayTryAgain() throws InterruptedException {
    Duration wait = backoff.next();
    if (closing.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
      // The latch no longer waits; the rest of the time there is goes by here.
      TimeUnit.MILLISECONDS.sleep(wait.toMillis());
      return System.nanoTime() < lastTryNanos;
    }
    return true;
  }

  private void report(List<DueJob> batch, List<LeaseOutcome> outcomes, boolean isRepeated) {
    for (int i = 0; i < batch.size(); i++) {
      LeaseOutcome outcome =
          i < outcomes.size() ? outcomes.get(i) : LeaseOutcome.LEASE_OUTCOME_UNSPECIFIED;
      if (outcome != LeaseOutcome.LEASE_OUTCOME_OK) {
        DueJob job = batch.get(i);
        tell(() -> listener.lost(job, outcome, isRepeated));
      }
    }
  }

  /** A listener that throws keeps neither its next news back nor later acks. */
  private void tell(Runnable news) {
    isComplete = false;
    try {
      news.run();
    } catch (RuntimeException e) {
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }
}
