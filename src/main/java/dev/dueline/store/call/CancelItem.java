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
  /** A job whose verdict is another once it is canceled. */
  public CancelItem(JobId id, boolean cancelLeased) {
    this(id, cancelLeased, null);
  }
}
