package dev.dueline.system.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.BatchScheduleResponse;
import dev.dueline.v1.BatchScheduleResult;
import dev.dueline.v1.ConflictPolicy;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Many jobs a call, and calls made again as a sound client does that is refused. */
final class Batches {
  /** Why an item may be refused, to be sent again: too much, or a machine that stood still. */
  private static final Set<String> AGAIN = Set.of("", "OVERLOADED", "NOT_IN_TIME");

  private Batches() {}

  /** So many jobs with payloads, due in an hour. */
  static BatchScheduleRequest of(String id, int items, int bytes) {
    BatchScheduleRequest.Builder batch = BatchScheduleRequest.newBuilder();
    ByteString payload = ByteString.copyFrom(new byte[bytes]);
    for (int i = 0; i < items; i++) {
      batch
          .addRequestsBuilder()
          .setQueue("bulk")
          .setJobId(id + i)
          .setPayload(payload)
          .setConflictPolicy(ConflictPolicy.CONFLICT_POLICY_KEEP)
          .getDelayBuilder()
          .setSeconds(3_600);
    }
    return batch.build();
  }

  /** Sends all at once, and again those that are refused, until each is stored. */
  static void store(
      List<BatchScheduleRequest> batches,
      Function<BatchScheduleRequest, Future<BatchScheduleResponse>> call,
      Duration longest)
      throws Exception {
    List<BatchScheduleRequest> left = batches;
    long end = System.nanoTime() + longest.toNanos();
    while (!left.isEmpty() && System.nanoTime() < end) {
      left = refused(left, call);
    }
    assertThat(left).as("batches that were refused whenever they were tried").isEmpty();
  }

  /** Sends all at once; gives those that are to be tried again: more than may be in transit. */
  private static List<BatchScheduleRequest> refused(
      List<BatchScheduleRequest> batches,
      Function<BatchScheduleRequest, Future<BatchScheduleResponse>> call)
      throws Exception {
    List<Future<BatchScheduleResponse>> calls = batches.stream().map(call).toList();
    List<BatchScheduleRequest> refused = new ArrayList<>();
    for (int i = 0; i < batches.size(); i++) {
      List<BatchScheduleResult> results = results(calls.get(i));
      if (results.isEmpty()) {
        refused.add(batches.get(i));
        continue;
      }
      assertThat(results)
          .hasSize(batches.get(i).getRequestsCount())
          .allMatch(result -> AGAIN.contains(result.getError().getReason()));
      if (results.stream().anyMatch(BatchScheduleResult::hasError)) {
        refused.add(batches.get(i));
      }
    }
    return refused;
  }

  /** None: the call was refused for what was in transit. */
  private static List<BatchScheduleResult> results(Future<BatchScheduleResponse> call)
      throws Exception {
    try {
      return call.get().getResultsList();
    } catch (ExecutionException e) {
      assertThat(Status.fromThrowable(e).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      return List.of();
    }
  }
}
