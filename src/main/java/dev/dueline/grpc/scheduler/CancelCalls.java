package dev.dueline.grpc.scheduler;

import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;
import dev.dueline.operation.job.Cancel;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Canceled;
import dev.dueline.v1.BatchCancelRequest;
import dev.dueline.v1.BatchCancelResponse;
import dev.dueline.v1.CancelOutcome;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.CancelResponse;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Cancel and BatchCancel. */
final class CancelCalls {
  private final JobChecks checks;
  private final Cancel cancel;

  CancelCalls(JobChecks checks, Cancel cancel) {
    this.checks = checks;
    this.cancel = cancel;
  }

  Uni<CancelResponse> cancel(CancelRequest request) {
    checks.cancel(request);
    return cancel(List.of(request))
        .map(outcomes -> CancelResponse.newBuilder().setOutcome(outcomes.get(0)).build());
  }

  Uni<BatchCancelResponse> batchCancel(BatchCancelRequest request) {
    checks.batchCancel(request.getRequestsList());
    return cancel(request.getRequestsList())
        .map(outcomes -> BatchCancelResponse.newBuilder().addAllOutcomes(outcomes).build());
  }

  private Uni<List<CancelOutcome>> cancel(List<CancelRequest> requests) {
    return cancel
        .each(requests.stream().map(CancelCalls::item).toList())
        .map(outcomes -> outcomes.stream().map(CancelCalls::outcome).toList());
  }

  private static Cancel.Item item(CancelRequest request) {
    return new Cancel.Item(
        new QueueName(request.getQueue()),
        new CancelItem(
            new JobId(request.getJobId()),
            request.getCancelLeased(),
            JobMapping.requestId(request.getRequestId())));
  }

  private static CancelOutcome outcome(Canceled.Outcome outcome) {
    return switch (outcome) {
      case CANCELED -> CancelOutcome.CANCEL_OUTCOME_CANCELED;
      case LEASED -> CancelOutcome.CANCEL_OUTCOME_LEASED;
      case NOT_FOUND -> CancelOutcome.CANCEL_OUTCOME_NOT_FOUND;
    };
  }
}
