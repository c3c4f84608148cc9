package dev.dueline.store.redis.script.lease;

import dev.dueline.job.JobId;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.ExpiredLeases;
import dev.dueline.store.due.LeasedJob;
import dev.dueline.store.redis.layout.RecordCodec;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.List;
import java.util.Optional;

/**
 * Drops what is over and no lease, and lists leases that ran out, but for those of ids that nobody
 * can read.
 *
 * @param most that were over first; 0: those named
 * @param passedBy leases that were over first and are left as they are
 * @param maxDead dead jobs to keep
 * @param maxDeadAgeMs how long to keep them
 */
public record ExpiredCall(
    Shard shard, int most, int passedBy, int maxDead, long maxDeadAgeMs, List<JobId> ids)
    implements ShardCall<ExpiredCall.Expired> {
  /**
   * What is over.
   *
   * @param nowUs the store's clock, microseconds
   * @param nextExpiryMs when the next lease or wait behind them is over; {@link Claim#NONE}: none
   *     will
   * @param dropped jobs, or runs of jobs that recur, whose ttl had passed
   * @param jobs of leases that ran out
   * @param unreadable leases that ran out, too, and that stay: nobody can read their ids
   */
  public record Expired(
      long nowUs, long nextExpiryMs, int dropped, List<LeasedJob> jobs, int unreadable) {
    /** The leases that somebody had. */
    public List<LeaseRef> leases() {
      return jobs.stream()
          .map(LeasedJob::lease)
          .filter(lease -> !lease.leaseId().isNobodys())
          .toList();
    }

    /** The same once all that is ended. What comes after a run that was late may be late, too. */
    public ExpiredLeases ended() {
      List<LeaseRef> leases = leases();
      long next = leases.size() < jobs.size() ? nowUs / 1_000 : nextExpiryMs;
      return new ExpiredLeases(nowUs, next, dropped, leases);
    }
  }

  @Override
  public Script script() {
    return Script.EXPIRED;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(most).add(passedBy).add(maxDead).add(maxDeadAgeMs);
    ids.forEach(arguments::add);
  }

  @Override
  public Expired read(Reply reply) {
    long nextExpiry = reply.timeMs();
    int dropped = (int) reply.number();
    List<LeasedJob> jobs =
        reply.readableRows(() -> job(reply.leaseIfReadable(), (int) reply.number(), reply.bytes()));
    return new Expired(reply.nowUs(), nextExpiry, dropped, jobs, reply.leftOut());
  }

  private static Optional<LeasedJob> job(Optional<LeaseRef> found, int failed, byte[] record) {
    return found.map(
        lease ->
            new LeasedJob(
                lease, failed, RecordCodec.decode(lease.id(), record).effectiveRetryPolicy()));
  }
}
