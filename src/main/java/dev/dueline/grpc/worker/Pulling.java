package dev.dueline.grpc.worker;

import dev.dueline.grpc.message.Times;
import dev.dueline.job.Delivery;
import dev.dueline.job.LeaseToken;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.JobStore;
import dev.dueline.store.Release;
import dev.dueline.store.ShardCalls;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.PullDueResponse;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** PullDue. */
public final class Pulling {
  /** Most bytes of jobs in one answer, unless one alone has more; clients take 4 MiB. */
  public static final int MAX_ANSWER_BYTES = 7 << 19;

  private static final Logger LOG = Logger.getLogger(Pulling.class);

  private final LeaseChecks checks;
  private final Pull pull;
  private final JobStore store;

  public Pulling(LeaseChecks checks, Pull pull, JobStore store) {
    this.checks = checks;
    this.pull = pull;
    this.store = store;
  }

  /** Leases jobs, as {@link dev.dueline.delivery.watch.Watchers#pull} does. */
  @FunctionalInterface
  public interface Pull {
    /** Waits up to waitTime for the first job. */
    Uni<List<Delivery>> pull(List<QueueName> queues, int maxJobs, long leaseMs, Duration waitTime);
  }

  public Uni<PullDueResponse> pullDue(PullDueRequest request) {
    checks.pullDue(request);
    return pull.pull(
            DeliveryMapping.queues(request.getQueuesList()),
            Math.max(1, request.getMaxJobs()),
            DeliveryMapping.leaseMs(request.hasLeaseDuration(), request.getLeaseDuration()),
            Times.exact(request.getWaitTime()))
        .map(this::answer);
  }

  /** Gives back the jobs of an answer that nobody waits for any more. */
  public void giveBack(PullDueResponse answer) {
    giveBack(
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
      bytes += job.getSerializedSize() + 8;
      if (bytes > MAX_ANSWER_BYTES && answer.getJobsCount() > 0) {
        tooMuch.add(delivery.token());
      } else {
        answer.addJobs(job);
      }
    }
    giveBack(tooMuch);
    return answer.build();
  }

  /** As if the jobs had never been claimed. If that fails, their leases run out. */
  private void giveBack(List<LeaseToken> tokens) {
    ShardCalls.perShard(tokens, LeaseToken::shard, this::release)
        .subscribe()
        .with(released -> {}, failure -> LOG.debugf("jobs stay leased: %s", failure.getMessage()));
  }

  private Uni<List<Boolean>> release(Shard shard, List<LeaseToken> tokens) {
    List<Release> releases =
        tokens.stream().map(token -> Release.undelivered(token.lease())).toList();
    return store.release(shard, releases, false);
  }
}
