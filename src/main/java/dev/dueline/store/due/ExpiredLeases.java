package dev.dueline.store.due;

import java.util.List;

/**
 * Leases that ran out.
 *
 * @param nowUs the store's clock, microseconds
 * @param nextExpiryMs when the next lease after them ends; {@link Claim#NONE}: none is out
 */
public record ExpiredLeases(long nowUs, long nextExpiryMs, List<LeasedJob> jobs) {}
