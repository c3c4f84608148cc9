package dev.dueline.client;

import dev.dueline.v1.BatchCancelRequest;
import dev.dueline.v1.CancelOutcome;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.RescheduleRequest;
import dev.dueline.v1.RescheduleResponse;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import java.util.List;

/**
 * Stores jobs, moves them and takes them back. Each call waits for its answer, for no longer than
 * the connection's timeout, and is not repeated. Thread-safe.
 */
public final class Producer {
  private final Connection connection;

  /** A producer of jobs for the service at the other end. */
  public Producer(Connection connection) {
    this.connection = connection;
  }

  /**
   * Stores one job. A request with a request id may be repeated for some minutes; one with a job id
   * alone only while the job lives.
   */
  public ScheduleResponse schedule(ScheduleRequest request) {
    return connection.unary().schedule(request);
  }

  /** Moves a job that waits, or is dead, to another due time. */
  public RescheduleResponse reschedule(RescheduleRequest request) {
    return connection.unary().reschedule(request);
  }

  /** Takes back up to 1,000 jobs; what became of each, in order. */
  public List<CancelOutcome> cancel(List<CancelRequest> requests) {
    return connection
        .unary()
        .batchCancel(BatchCancelRequest.newBuilder().addAllRequests(requests).build())
        .getOutcomesList();
  }
}
