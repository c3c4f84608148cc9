package dev.dueline.cli.watch;

import dev.dueline.cli.remote.CallFailure;
import dev.dueline.cli.remote.Connection;
import dev.dueline.cli.text.Console;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.LeaseOutcome;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Acknowledges jobs from a thread of its own: what has gathered while one call was out goes with
 * the next. Tries again while the service is unavailable; says so when an ack does not count. What
 * waits here is bounded by the watcher's outstanding jobs.
 */
final class Acker implements AutoCloseable {
  /** Tokens that the contract allows in one call. */
  private static final int MAX_TOKENS = 1_000;

  /** How long {@link #close} tries on against a service that is away. */
  private static final Duration LAST_TRIES = Duration.ofSeconds(3);

  private static final DueJob END = DueJob.getDefaultInstance();

  private final Connection connection;
  private final Console console;
  private final Backoff backoff = new Backoff(RandomGenerator.getDefault());
  private final BlockingQueue<DueJob> waiting = new LinkedBlockingQueue<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "dueline-cli-acks");
  private volatile long lastTryNanos;
  private volatile boolean isComplete = true;

  Acker(Connection connection, Console console) {
    this.connection = connection;
    this.console = console;
    thread.setDaemon(true);
    thread.start();
  }

  /** Acknowledges jobs, soon. */
  void add(List<DueJob> jobs) {
    // A lease token is never needed with the payload, which may be large.
    jobs.forEach(job -> waiting.add(job.toBuilder().clearPayload().clearAttributes().build()));
  }

  /** Whether every ack so far counted. */
  boolean isComplete() {
    return isComplete;
  }

  /** Sends what waits. */
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
    AckRequest.Builder request = AckRequest.newBuilder();
    batch.forEach(job -> request.addLeaseTokens(job.getLeaseToken()));
    boolean isRepeated = false;
    while (true) {
      try {
        report(batch, connection.unary().ack(request.build()).getOutcomesList(), isRepeated);
        backoff.reset();
        return;
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() != Status.Code.UNAVAILABLE || !mayTryAgain()) {
          isComplete = false;
          console.note(batch.size() + " jobs not acknowledged: " + CallFailure.of(e).line());
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
        isComplete = false;
        console.note(describe(batch.get(i), outcome, isRepeated));
      }
    }
  }

  private static String describe(DueJob job, LeaseOutcome outcome, boolean isRepeated) {
    String word = outcome.name().replace("LEASE_OUTCOME_", "").toLowerCase(Locale.ROOT);
    String ack = "ack of " + job.getQueue() + " " + job.getJobId() + ": lease " + word;
    // An ack whose answer went missing has removed the job, which then looks like a lost lease.
    return isRepeated ? ack + " (or done by an earlier try)" : ack;
  }
}
