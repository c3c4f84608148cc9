package dev.dueline.store.news;

import dev.dueline.job.QueueName;
import dev.dueline.job.lease.LeaseToken;
import java.util.List;

/** What one replica tells another of watchers. Any of it may be lost, late or doubled. */
public sealed interface WatcherNews {
  /** Whatever was told before this may have been missed. Never told. */
  record Listening() implements WatcherNews {}

  /** A lease is over; its watcher has its credit back. */
  record Ended(LeaseToken lease, LeaseEnd how) implements WatcherNews {}

  /**
   * The holder of a lease asked to have it extended: it lasts so long from now, at least; 0: it was
   * lost, but its holder spoke.
   */
  record Extended(LeaseToken lease, long leaseMs) implements WatcherNews {}

  /**
   * A watch shall take no more jobs.
   *
   * @param timeoutMs after which it ends, whatever is out
   * @param asker the replica that waits for the answer
   * @param question which the answer names
   */
  record Stop(WatchToken watch, long timeoutMs, long asker, long question) implements WatcherNews {}

  /**
   * The answer to {@link Stop}.
   *
   * @param isStopping whether it takes no more jobs; else there is no such watch, or no longer
   */
  record Stopped(long question, boolean isStopping) implements WatcherNews {}

  /**
   * A replica wants to know who watches a queue.
   *
   * @param after those with a higher number
   * @param most how many of them, the lowest first
   * @param asker the replica that waits for the answer
   * @param question which the answer names
   */
  record Look(QueueName queue, int after, int most, long asker, long question)
      implements WatcherNews {}

  /**
   * The answer to it.
   *
   * @param hasMore whether there are others behind the last
   */
  record Listed(long question, List<WatcherState> watchers, boolean hasMore)
      implements WatcherNews {}
}
