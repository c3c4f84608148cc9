package dev.dueline.grpc.worker;

import dev.dueline.grpc.call.Caller;
import dev.dueline.grpc.message.MessageBytes;
import dev.dueline.grpc.message.Times;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.operation.job.Pull;
import dev.dueline.store.news.WatchToken;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.PullDueResponse;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** PullDue. */
public final class PullCall {
  private final LeaseChecks checks;
  private final Pull pull;

  /** Pulls what passes the checks. */
  public PullCall(LeaseChecks checks, Pull pull) {
    this.checks = checks;
    this.pull = pull;
  }

  /** Answers with due jobs. */
  public Uni<PullDueResponse> pullDue(PullDueRequest request) {
    checks.pullDue(request);
    return pull.take(
            WatchToken.ownerOf(Caller.current().name()),
            DeliveryMapping.queues(request.getQueuesList()),
            Math.max(1, request.getMaxJobs()),
            DeliveryMapping.leaseMs(request.hasLeaseDuration(), request.getLeaseDuration()),
            Times.exact(request.getWaitTime()))
        .map(this::answer);
  }

  /** Gives back the jobs of an answer that nobody waits for any more. */
  public void giveBack(PullDueResponse answer) {
    pull.giveBack(
        answer.getJobsList().stream()
            .map(job -> LeaseToken.decode(job.getLeaseToken()))
            .flatMap(Optional::stream)
            .toList());
  }

  private PullDueResponse answer(List<Delivery> deliveries) {
    PullDueResponse.Builder answer = PullDueResponse.newBuilder();
    List<LeaseToken> tooMuch = new ArrayList<>();
    long bytes = 0;
    for (Delivery delivery : deliveries) {
      DueJob job = DeliveryMapping.dueJob(delivery);
      bytes += MessageBytes.inList(job);
      if (bytes > MessageBytes.MAX_LIST && answer.getJobsCount() > 0) {
        tooMuch.add(delivery.token());
      } else {
        answer.addJobs(job);
      }
    }
    pull.giveBack(tooMuch);
    return answer.build();
  }
}
