package dev.dueline.store;

import dev.dueline.job.JobState;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.Destination;
import dev.dueline.store.due.Slots;
import java.util.ArrayList;
import java.util.List;

/** One claim of the model. */
final class ModelClaim {
  private final ModelShard jobs;
  private final Shard shard;
  private final long nowUs;

  ModelClaim(ModelShard jobs, Shard shard, long nowUs) {
    this.jobs = jobs;
    this.shard = shard;
    this.nowUs = nowUs;
  }

  Claim claim(Slots slots) {
    long nowMs = nowUs / 1000;
    boolean isLate = slots.deadlineMs() > 0 && nowMs > slots.deadlineMs();
    long free = jobs.operations().free(nowUs, false);
    List<ModelJob> due =
        due(isLate ? 0 : Math.min(free, slots.order().size()), nowMs - slots.overdueMs());
    List<Delivery> deliveries = new ArrayList<>();
    long room = ModelShard.MAX_BYTES;
    int dropped = 0;
    long longestMs = 0;
    boolean wereNone = jobs.head(JobState.LEASED) == Claim.NONE;
    for (ModelJob job : due) {
      if (!deliveries.isEmpty() && job.size(true) > room) {
        break;
      }
      if (job.isPastTtl(nowMs)) {
        jobs.drop(job, nowUs);
        dropped++;
      } else {
        room -= job.size(true);
        Slots.Holder holder = slots.holders().get(slots.order().get(deliveries.size()));
        deliveries.add(lease(job, holder, slots.nonce()));
        longestMs = Math.max(longestMs, holder.leaseMs());
      }
    }
    if (!deliveries.isEmpty()) {
      jobs.leases().note(wereNone, longestMs);
    }
    return reply(free, dropped, deliveries);
  }

  private Claim reply(long free, int dropped, List<Delivery> deliveries) {
    ModelOperations operations = jobs.operations();
    long again = operations.served(deliveries.size(), nowUs, false);
    long next = jobs.head(JobState.PENDING);
    boolean isHeld = deliveries.size() >= free && next <= nowUs / 1000;
    Destination destination = operations.destination();
    boolean isLimited = isHeld && destination == Destination.WATCHERS;
    return new Claim(
        nowUs,
        destination,
        isHeld ? again : next,
        jobs.nextEnd(),
        isLimited ? Claim.Hold.LIMITED : Claim.Hold.NONE,
        dropped,
        !deliveries.isEmpty() || jobs.head(JobState.DEAD) != Claim.NONE,
        deliveries);
  }

  private List<ModelJob> due(long most, long latestMs) {
    return jobs.in(JobState.PENDING).filter(job -> job.stateMs <= latestMs).limit(most).toList();
  }

  private Delivery lease(ModelJob job, Slots.Holder holder, long nonce) {
    LeaseId leaseId =
        new LeaseId(jobs.leases().nextFence(nowUs), nonce, holder.replica(), holder.watcher());
    job.deliveryDueMs = job.stateMs;
    job.state = JobState.LEASED;
    job.stateMs = nowUs / 1000 + holder.leaseMs();
    job.leaseId = leaseId;
    jobs.count("dispatched");
    return new Delivery(
        new LeaseToken(shard, new LeaseRef(job.id(), leaseId)),
        job.stored(true),
        job.deliveryDueMs,
        nowUs / 1000,
        job.stateMs,
        job.failedAttempts + 1,
        job.failures());
  }
}
