package dev.dueline.client;

import dev.dueline.v1.DueJob;
import dev.dueline.v1.LostLease;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;

/**
 * What a {@link WatchStream} brings. Calls come one at a time, on a thread of the connection; the
 * next message waits until they return.
 */
public interface WatchListener {
  /**
   * The service watches.
   *
   * @param heartbeat it is never silent for longer; zero: it did not say
   */
  default void started(Duration heartbeat) {}

  /** Jobs fell due; each is under a lease. */
  void due(List<DueJob> jobs);

  /** The service is there, and has nothing to say. */
  default void heartbeat() {}

  /** Leases of jobs that came are over, and work on these jobs no longer counts. */
  default void lost(List<LostLease> leases) {}

  /** No more jobs come: the watch was stopped. */
  default void stopped() {}

  /** No more jobs come: the server goes away, for a reason that is for people. */
  default void draining(String reason) {}

  /** The stream failed; the failure has what the service said of it. */
  default void failed(Throwable failure) {
    ended(Status.fromThrowable(failure));
  }

  /** The stream is over, in whatever way. */
  default void ended(Status status) {}
}
