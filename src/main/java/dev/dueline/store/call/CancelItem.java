package dev.dueline.store.call;

import dev.dueline.job.JobId;

/** One job to cancel, and whether also from a watcher that holds it. */
public record CancelItem(JobId id, boolean cancelLeased) {}
