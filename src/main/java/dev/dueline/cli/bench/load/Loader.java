package dev.dueline.cli.bench.load;

import com.google.protobuf.Timestamp;
import dev.dueline.client.Connection;
import dev.dueline.v1.BatchCancelRequest;
import dev.dueline.v1.BatchCancelResponse;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.BatchScheduleResponse;
import dev.dueline.v1.BatchScheduleResult;
import dev.dueline.v1.CancelOutcome;
import dev.dueline.v1.ScheduleRequest;
import java.util.Arrays;
import java.util.PrimitiveIterator;
import java.util.function.LongFunction;

/** Schedules many jobs, and takes back those that are left: batches, some of them outstanding. */
public final class Loader {
  private final ClosedLoop loop;
  private final int batch;

  /** Batches of so many jobs, at most 1,000, through a loop. */
  public Loader(ClosedLoop loop, int batch) {
    this.loop = loop;
    this.batch = batch;
  }

  /** Schedules jobs that are all due at one time. */
  public Calls load(String name, Jobs jobs, Amount amount, Timestamp dueTime)
      throws InterruptedException {
    ScheduleRequest request = jobs.dueAt(dueTime);
    return load(name, jobs, amount, index -> request);
  }

  /**
   * Schedules jobs.
   *
   * @param requestOf the request for a job but for its id
   * @return the calls; an item that was rejected is among their failures
   */
  public Calls load(String name, Jobs jobs, Amount amount, LongFunction<ScheduleRequest> requestOf)
      throws InterruptedException {
    Calls calls = new Calls();
    Budget budget = new Budget(amount);
    loop.run(
        name,
        budget,
        calls,
        (connection, whenOver) -> {
          Scheduling lane = new Scheduling(jobs, calls, whenOver);
          return () -> lane.next(connection, budget.take(batch), requestOf);
        });
    return calls;
  }

  /** Takes back whatever is left of the jobs, from watchers too. */
  public void cancel(Jobs jobs) throws InterruptedException {
    Calls calls = new Calls();
    PrimitiveIterator.OfLong left = jobs.unsettled().iterator();
    Amount everything = new Amount(Long.MAX_VALUE, Amount.ENDLESS);
    loop.run(
        "cleaning up",
        new Budget(everything),
        calls,
        (connection, whenOver) -> {
          Canceling lane = new Canceling(jobs, calls, whenOver);
          return () -> lane.next(connection, left);
        });
  }

  private static final class Scheduling {
    private final Jobs jobs;
    private final Calls calls;
    private final Answer<BatchScheduleResponse> answer;
    private long first;

    Scheduling(Jobs jobs, Calls calls, Runnable whenOver) {
      this.jobs = jobs;
      this.calls = calls;
      this.answer = new Answer<>(calls, this::take, whenOver);
    }

    boolean next(Connection connection, int count, LongFunction<ScheduleRequest> requestOf) {
      if (count == 0) {
        return false;
      }
      first = jobs.take(count);
      BatchScheduleRequest.Builder request = BatchScheduleRequest.newBuilder();
      for (long index = first; index < first + count; index++) {
        request.addRequests(jobs.named(requestOf.apply(index), index));
      }
      connection.streaming().batchSchedule(request.build(), answer.begin());
      return true;
    }

    private void take(BatchScheduleResponse response) {
      long index = first;
      for (BatchScheduleResult result : response.getResultsList()) {
        if (result.hasError()) {
          calls.failures().add(result.getError().getCode(), result.getError().getMessage());
        } else {
          jobs.markStored(index);
        }
        index++;
      }
    }
  }

  private final class Canceling {
    private final Jobs jobs;
    private final Answer<BatchCancelResponse> answer;
    private long[] indexes = {};

    Canceling(Jobs jobs, Calls calls, Runnable whenOver) {
      this.jobs = jobs;
      this.answer = new Answer<>(calls, this::take, whenOver);
    }

    boolean next(Connection connection, PrimitiveIterator.OfLong left) {
      synchronized (left) {
        indexes = new long[batch];
        int count = 0;
        while (count < batch && left.hasNext()) {
          indexes[count++] = left.nextLong();
        }
        indexes = Arrays.copyOf(indexes, count);
      }
      if (indexes.length == 0) {
        return false;
      }
      BatchCancelRequest.Builder request = BatchCancelRequest.newBuilder();
      for (long index : indexes) {
        request.addRequests(jobs.cancel(index).toBuilder().setCancelLeased(true));
      }
      connection.streaming().batchCancel(request.build(), answer.begin());
      return true;
    }

    private void take(BatchCancelResponse response) {
      for (int i = 0; i < Math.min(indexes.length, response.getOutcomesCount()); i++) {
        if (response.getOutcomes(i) == CancelOutcome.CANCEL_OUTCOME_CANCELED) {
          jobs.markCanceled(indexes[i]);
        }
      }
    }
  }
}
