package dev.dueline.store.call;

import dev.dueline.job.lease.LeaseRef;

/**
 * Makes one lease end later.
 *
 * @param leaseMs from now; 0 only asks when the lease ends
 */
public record Extension(LeaseRef lease, long leaseMs) {}
