package dev.dueline.job.lease;

import dev.dueline.job.JobId;

/** Names one delivery inside its shard. */
public record LeaseRef(JobId id, LeaseId leaseId) {}
