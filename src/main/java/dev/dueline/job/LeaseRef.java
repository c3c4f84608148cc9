package dev.dueline.job;

/** Names one delivery inside its shard. */
public record LeaseRef(JobId id, LeaseId leaseId) {}
