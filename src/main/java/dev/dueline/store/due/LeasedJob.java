package dev.dueline.store.due;

import dev.dueline.job.RetryPolicy;
import dev.dueline.job.lease.LeaseRef;

/** What it takes to decide what becomes of a delivery that failed. */
public record LeasedJob(LeaseRef lease, int failedAttempts, RetryPolicy retryPolicy) {}
