package dev.dueline.delivery.watch;

import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.news.LeaseEnd;
import java.time.Duration;
import java.util.List;

/** Where the jobs of a watcher go: its stream. Called on the event loop; must not block. */
public interface WatcherSink {
  /** Whether the stream takes more now; once it says no, {@link Watch#ready()} says when. */
  boolean isReady();

  /** Whether it stays for more than one answer, and so counts as a watcher of its queues. */
  boolean isLongLived();

  /** Writes jobs to the stream. */
  void deliver(List<Delivery> jobs);

  /**
   * Says that the server goes away; jobs that are out can still be acknowledged.
   *
   * @param timeout the stream ends after it, at the latest
   */
  void draining(Duration timeout);

  /** Says that its client had the watch stopped: no more jobs come. Called again, it is silent. */
  void stopped();

  /** Says that a lease of a job that was written is over, and not by its holder's word. */
  void lost(LeaseToken lease, LeaseEnd how);

  /** Ends the stream: it cannot be served. */
  void refused(Throwable why);

  /** Ends the stream: the server has gone away. */
  void end();

  /** Ends the stream as its client wanted. */
  void complete();
}
