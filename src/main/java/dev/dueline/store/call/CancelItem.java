package dev.dueline.store.call;

import dev.dueline.job.JobId;
import org.jspecify.annotations.Nullable;

/**
 * One job to cancel.
 *
 * @param cancelLeased whether also from a watcher that holds it
 * @param requestId by which the store knows that it canceled the job at this request; null: it does
 *     not
 */
public record CancelItem(JobId id, boolean cancelLeased, @Nullable RequestId requestId) {
  /** Without a request id: a repeat is judged by the job that has the id then. */
  public CancelItem(JobId id, boolean cancelLeased) {
    this(id, cancelLeased, null);
  }
}
