package dev.dueline.client;

import dev.dueline.v1.DueJob;
import dev.dueline.v1.LostLease;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.util.List;

/** What a {@link Watch} is for. All calls come from the thread that runs the watch. */
public interface WatchHandler {
  /** Takes jobs that this machine received at a time; the next come when it has returned. */
  void due(List<DueJob> jobs, Instant received);

  /** How many more jobs there may be; 0 ends the watch. */
  default long wanted() {
    return Long.MAX_VALUE;
  }

  /** The service watches, for the first time or again. */
  default void started() {}

  /** Leases of jobs that came are over: work on these jobs no longer counts. */
  default void lost(List<LostLease> leases) {}

  /**
   * No more jobs come, as there are enough or the watch was told to stop. What is done here is done
   * before the streams are closed, on which leases may hang.
   */
  default void ending() throws InterruptedException {}

  /** The server goes away, for a reason that is for people; another stream follows. */
  default void draining(String reason) {}

  /** A stream broke, or fell silent, in a way that lets another one follow. */
  default void broken(Status status) {}

  /** Whether another stream may fare better than one that ended so. */
  default boolean isTransient(Status status) {
    return status.getCode() == Status.Code.UNAVAILABLE || status.getCode() == Status.Code.CANCELLED;
  }

  /** Jobs came too late to be taken, and could not be given back: their leases run out. */
  default void notGivenBack(List<DueJob> jobs, StatusRuntimeException failure) {}
}
