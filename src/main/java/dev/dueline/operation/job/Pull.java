package dev.dueline.operation.job;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.JobStore;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.due.Release;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/** Leases due jobs for one answer. */
public final class Pull {
  private static final Logger LOG = Logger.getLogger(Pull.class);

  private final Source source;
  private final JobStore store;

  Pull(Source source, JobStore store) {
    this.source = source;
    this.store = store;
  }

  /** Where due jobs come from: {@link dev.dueline.delivery.watch.Watchers#pull}, but in tests. */
  @FunctionalInterface
  public interface Source {
    /**
     * Leases due jobs; waits up to waitTime for the first.
     *
     * @param owner stands for the principal that pulls
     */
    Uni<List<Delivery>> pull(
        long owner, List<QueueName> queues, int maxJobs, long leaseMs, Duration waitTime);
  }

  /** Leases due jobs, as {@link Source#pull} does. */
  public Uni<List<Delivery>> take(
      long owner, List<QueueName> queues, int maxJobs, long leaseMs, Duration waitTime) {
    return source.pull(owner, queues, maxJobs, leaseMs, waitTime);
  }

  /**
   * Gives back jobs that do not reach their caller, as if they had never been claimed. If that
   * fails, their leases run out.
   */
  public void giveBack(List<LeaseToken> tokens) {
    ShardCalls.perShard(tokens, LeaseToken::shard, this::release)
        .subscribe()
        .with(released -> {}, failure -> LOG.debugf("jobs stay leased: %s", failure));
  }

  private Uni<List<Boolean>> release(Shard shard, List<LeaseToken> tokens) {
    List<Release> releases =
        tokens.stream().map(token -> Release.undelivered(token.lease())).toList();
    return store.release(shard, releases, false);
  }
}
