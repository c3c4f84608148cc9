package dev.dueline.client.producer;

import dev.dueline.client.Backoff;
import dev.dueline.client.Connection;
import dev.dueline.client.DuelineException;
import dev.dueline.client.Retries;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.BatchScheduleResponse;
import dev.dueline.v1.BatchScheduleResult;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Stores jobs in batches: gathers what is scheduled within 5 ms, up to 500 jobs or 2 MiB, has up to
 * four calls under way, and answers each job by itself. Several times as fast as one call a job.
 * Thread-safe.
 */
public final class BatchingProducer {
  private static final int MAX_ITEMS = 500;
  private static final int MAX_BYTES = 2 << 20;
  private static final int MAX_CALLS = 4;
  private static final int MAX_WAITING = 10_000;
  private static final long GATHER_MS = 5;
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  private final Retries retries;
  private final long timeoutNanos;
  private final Semaphore room = new Semaphore(MAX_WAITING);

  /** Guarded by this, as are the two below. */
  private final Deque<Item> waiting = new ArrayDeque<>();

  private int calls;
  private boolean isGathering;

  /** A producer of jobs for the service at the other end. */
  public BatchingProducer(Connection connection) {
    this.retries = Retries.of(connection);
    this.timeoutNanos = TimeUnit.NANOSECONDS.convert(connection.timeout());
  }

  /** Stores one job, soon; see {@link #schedule(ScheduleRequest)}. */
  public CompletableFuture<ScheduleResponse> schedule(NewJob job) throws InterruptedException {
    return schedule(job.toRequest());
  }

  /**
   * Stores one job, soon; waits while 10,000 have no answer yet. A job that fails for a shard that
   * is unavailable is tried again for as long as the connection's timeout.
   */
  public CompletableFuture<ScheduleResponse> schedule(ScheduleRequest request)
      throws InterruptedException {
    room.acquire();
    Item item = new Item(Producer.withRequestId(request), System.nanoTime() + timeoutNanos);
    add(item);
    return item.answer.whenComplete((response, failure) -> room.release());
  }

  private void add(Item item) {
    boolean begins;
    synchronized (this) {
      waiting.add(item);
      begins = !isGathering;
      isGathering = true;
    }
    if (begins) {
      after(GATHER_MS).execute(this::gathered);
    } else {
      send(false);
    }
  }

  private static Executor after(long ms) {
    return CompletableFuture.delayedExecutor(ms, TimeUnit.MILLISECONDS);
  }

  private void gathered() {
    synchronized (this) {
      isGathering = false;
    }
    send(true);
  }

  /** Sends what makes full calls, or all that waits, as far as calls may be under way. */
  private void send(boolean all) {
    for (List<Item> batch = next(all); !batch.isEmpty(); batch = next(all)) {
      send(batch);
    }
  }

  private synchronized List<Item> next(boolean all) {
    List<Item> batch = new ArrayList<>();
    if (calls >= MAX_CALLS || (!all && waiting.size() < MAX_ITEMS)) {
      return batch;
    }
    long bytes = 0;
    while (batch.size() < MAX_ITEMS && !waiting.isEmpty()) {
      bytes += waiting.element().request.getSerializedSize();
      if (bytes > MAX_BYTES && !batch.isEmpty()) {
        break;
      }
      batch.add(waiting.remove());
    }
    calls += batch.isEmpty() ? 0 : 1;
    return batch;
  }

  private void send(List<Item> batch) {
    BatchScheduleRequest.Builder request = BatchScheduleRequest.newBuilder();
    batch.forEach(item -> request.addRequests(item.request));
    var unused =
        retries
            .<BatchScheduleResponse>call(
                (stub, answer) -> stub.batchSchedule(request.build(), answer), true)
            .whenComplete((response, failure) -> answered(batch, response, failure));
  }

  private void answered(List<Item> batch, BatchScheduleResponse response, Throwable failure) {
    synchronized (this) {
      calls--;
    }
    // First, so that a caller that waits for an answer finds the call gone.
    send(true);
    for (int i = 0; i < batch.size(); i++) {
      if (failure != null) {
        batch.get(i).answer.completeExceptionally(failure);
      } else if (i >= response.getResultsCount()) {
        Status status = Status.INTERNAL.withDescription("the service did not answer this job");
        batch.get(i).answer.completeExceptionally(DuelineException.of(status.asRuntimeException()));
      } else {
        answered(batch.get(i), response.getResults(i));
      }
    }
  }

  private void answered(Item item, BatchScheduleResult result) {
    if (result.hasResponse()) {
      item.answer.complete(result.getResponse());
      return;
    }
    DuelineException failure = DuelineException.of(result.getError());
    long waitMs = item.backoff.next().toMillis();
    boolean isInTime = item.endNanos - System.nanoTime() > TimeUnit.MILLISECONDS.toNanos(waitMs);
    if (failure.code() == Status.Code.UNAVAILABLE && isInTime) {
      after(waitMs).execute(() -> add(item));
    } else {
      item.answer.completeExceptionally(failure);
    }
  }

  private static final class Item {
    private final ScheduleRequest request;
    private final long endNanos;
    private final CompletableFuture<ScheduleResponse> answer = new CompletableFuture<>();
    private final Backoff backoff =
        Backoff.fullJitter(new SplittableRandom(), FIRST_WAIT, LONGEST_WAIT);

    Item(ScheduleRequest request, long endNanos) {
      this.request = request;
      this.endNanos = endNanos;
    }
  }
}
