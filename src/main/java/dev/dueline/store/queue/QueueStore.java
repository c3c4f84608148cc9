package dev.dueline.store.queue;

import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.QueueLimits.Change;
import dev.dueline.job.Shard;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;

/**
 * What operators do with a queue, shard by shard. Thread-safe; nothing happens before a Uni is
 * subscribed, and each subscription is one bounded call that can be repeated.
 */
public interface QueueStore {
  /** Most boundaries in one count: about 0.2 ms of the store's time. */
  int MAX_BOUNDARIES = 100;

  /** Holds the deliveries of a shard back from now on, or lets them go on at once. */
  Uni<Void> pause(Shard shard, boolean isPaused);

  /**
   * Sets limits of a shard, in place of those before.
   *
   * @param whole what the whole queue was given, to be read again
   * @param share what this shard keeps to, of those that are set
   */
  Uni<Void> limit(Shard shard, Change whole, QueueLimits share);

  /** Counts what a shard holds, and what went through it. */
  Uni<ShardStats> stats(Shard shard);

  /**
   * Counts the jobs in one state by the time that their index is in order of: the due time of a
   * pending job, the end of a lease, the time of death.
   *
   * @param boundariesMs at most {@value #MAX_BOUNDARIES}, each later than the one before
   * @return one more than there are boundaries: before the first, from each to before the next, and
   *     from the last on
   */
  Uni<List<Long>> count(Shard shard, JobState state, List<Long> boundariesMs);

  /**
   * Deletes jobs in one state, the first of its index first.
   *
   * @param state pending or dead
   * @param most at most {@link JobStore#MAX_BATCH}
   */
  Uni<Purged> purge(Shard shard, JobState state, int most);

  /**
   * Makes the jobs that are dead the longest due again, with their attempts forgotten.
   *
   * @param most at most {@link JobStore#MAX_BATCH}
   * @param spread over which time from now; how many were made due
   */
  Uni<Integer> redrive(Shard shard, int most, Spread spread);

  /** Makes these jobs due again, as far as they are dead; how many were. */
  Uni<Integer> redrive(Shard shard, List<JobId> ids, Spread spread);

  /** Says how many watchers a replica has, which holds for a time; it shows in the stats. */
  Uni<Void> present(Shard shard, long replica, int watchers, Duration holdsFor);

  /** The replicas that said that they have watchers, of which some may be gone. */
  Uni<List<Long>> watching(Shard shard);

  /**
   * What time brings next in a shard, and which leases are out: {@link Upcoming#MAX_LEASES} at
   * most.
   */
  Uni<Upcoming> next(Shard shard);

  /**
   * Forgets the requests that are known by their ids, of all queues, also of those that were
   * deleted. Looks through all that is stored: for the tests of users.
   */
  Uni<Void> forgetRequests();

  /**
   * What a purge did.
   *
   * @param deleted in this call
   * @param left in that state
   */
  record Purged(int deleted, long left) {}

  /**
   * When jobs fall due, evenly.
   *
   * @param fromMs from now, the first one
   * @param toMs from now, the one after the last
   */
  record Spread(long fromMs, long toMs) {}
}
