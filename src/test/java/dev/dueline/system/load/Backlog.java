package dev.dueline.system.load;

import com.google.protobuf.ByteString;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.BatchScheduleResponse;
import dev.dueline.v1.BatchScheduleResult;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.SchedulerServiceGrpc;
import io.grpc.ManagedChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.IntToLongFunction;

/** Schedules many jobs, 500 a call and four calls at a time. */
final class Backlog {
  private static final int BATCH = 500;
  private static final int CALLS = 4;

  private final ManagedChannel channel;
  private final String queue;
  private final ByteString payload;

  Backlog(ManagedChannel channel, String queue, int payloadBytes) {
    this.channel = channel;
    this.queue = queue;
    this.payload = ByteString.copyFrom(new byte[payloadBytes]);
  }

  /** Job number i gets the id {@code i} and this due time, µs; all must be created. */
  void schedule(int jobs, IntToLongFunction dueUs) throws ExecutionException, InterruptedException {
    SchedulerServiceGrpc.SchedulerServiceFutureStub stub =
        SchedulerServiceGrpc.newFutureStub(channel);
    Deque<Future<BatchScheduleResponse>> open = new ArrayDeque<>();
    for (int from = 0; from < jobs; from += BATCH) {
      BatchScheduleRequest.Builder batch = BatchScheduleRequest.newBuilder();
      for (int i = from; i < Math.min(jobs, from + BATCH); i++) {
        batch.addRequests(
            ScheduleRequest.newBuilder()
                .setQueue(queue)
                .setJobId(Integer.toString(i))
                .setPayload(payload)
                .setDueTime(WallClock.timestamp(dueUs.applyAsLong(i))));
      }
      open.add(stub.batchSchedule(batch.build()));
      if (open.size() == CALLS) {
        check(open.remove().get());
      }
    }
    while (!open.isEmpty()) {
      check(open.remove().get());
    }
  }

  private static void check(BatchScheduleResponse response) {
    for (BatchScheduleResult result : response.getResultsList()) {
      if (!result.hasResponse()) {
        throw new IllegalStateException("not scheduled: " + result.getError());
      }
    }
  }
}
