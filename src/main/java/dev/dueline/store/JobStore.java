package dev.dueline.store;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobView;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.call.Extension;
import dev.dueline.store.call.JobPage;
import dev.dueline.store.call.ListQuery;
import dev.dueline.store.call.Rescheduled;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.ClaimedLeases;
import dev.dueline.store.due.ExpiredLeases;
import dev.dueline.store.due.LeasedJob;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Slots;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps the jobs of shards and makes their transitions. Thread-safe; nothing happens before a Uni
 * is subscribed, and each subscription is one call.
 */
public interface JobStore {
  /** Most items in one call: about a millisecond of the store's time. */
  int MAX_BATCH = 100;

  /**
   * Stores jobs, each on its own; tells the announcements of a new head. A job that recurs, and
   * waits, is left as it is by its own request. A request that has an id, and was carried out
   * within the window, is known whatever became of its job, and changes nothing.
   */
  Uni<List<Scheduled>> schedule(Shard shard, List<ScheduleItem> items);

  /** Takes jobs back. After CANCELED a job is never claimed again. */
  Uni<List<Canceled>> cancel(Shard shard, List<CancelItem> items);

  /** Moves a pending or dead job to another due time. */
  Uni<Rescheduled> reschedule(Shard shard, JobId id, Due due);

  /** The clock of the shard, by which it will judge due times: ms since the epoch. */
  Uni<Long> nowMs(Shard shard);

  /** Reads one job, payload included. */
  Uni<Optional<JobView>> read(Shard shard, JobId id);

  /** Lists a page of the jobs in one state, by {@link JobPage.Position}. */
  Uni<JobPage> list(Shard shard, ListQuery query);

  /**
   * Leases due jobs, the earliest first, never more than there are slots, and none after their
   * deadline. Of a queue that does not exist, nothing is due; it is not created.
   */
  Uni<Claim> claim(Shard shard, Slots slots);

  /**
   * Removes jobs that are done; of those that recur, ends the run and sets the next one. False: the
   * lease ran out, was replaced, or the job is gone.
   */
  Uni<List<Boolean>> ack(Shard shard, List<LeaseRef> leases);

  /**
   * Ends leases without an Ack. False: lost. A job that recurs is dead only if the run that died
   * was the last one; otherwise the next one is set.
   *
   * @param includingExpired whether a lease that ran out, but was not ended yet, can be released
   */
  Uni<List<Boolean>> release(Shard shard, List<Release> releases, boolean includingExpired);

  /** Makes leases end later, never earlier. Gives expiry times, ms; 0: lost. */
  Uni<List<Long>> extend(Shard shard, List<Extension> extensions);

  /**
   * Ends what time has ended by itself, those that were over first: leases that ran out, whose jobs
   * are due again at once, or dead; jobs that nobody had within their ttl, which are gone, or if
   * they recur wait for their next run; and drops dead jobs that are too many or too old. No call
   * of the store tells of such a job, or leaves room for it, as if it were not over; this is for
   * those that nobody asks for.
   *
   * @param most leases, and jobs past their ttl, at most {@link #MAX_BATCH}
   */
  Uni<ExpiredLeases> expire(Shard shard, int most);

  /**
   * Has somebody hear of the leases that ran out and that this store is about to end, whichever
   * call met them, before their jobs are due again; in place of who heard before. Any thread.
   *
   * @param listener must not block; hears of a lease again if it could not be ended
   */
  void onRanOut(Consumer<List<LeaseToken>> listener);

  /** Reads what the retry policy of each lease needs; empty: lost. */
  Uni<List<Optional<LeasedJob>>> leased(Shard shard, List<LeaseRef> leases);

  /**
   * Looks through a part of the leases for those that certain claims gave.
   *
   * @param nonces of the {@link Slots}
   * @param before {@link ClaimedLeases#BEGIN}, or where the last call says to go on
   */
  Uni<ClaimedLeases> claimed(Shard shard, List<Long> nonces, long before);

  /**
   * Makes one bounded step through all that the shard keeps, and repairs inconsistencies; what is
   * rightly there is not touched. Tells the announcements of a new head.
   */
  Uni<SweepStep> sweep(Shard shard, SweepStep.Pace pace);
}
