/**
 * What becomes of leases, and of all else that time ends.
 *
 * <pre>
 *   client: Ack, Nack, ExtendLease ──▶ Leases ─────────┐
 *   watcher: auto-extend, silence ───▶ LeaseKeeper ──▶ │ store ──▶ Holders ──▶ the replica that
 *   watcher: disconnect, drain ──────▶ Releases ─────▶ │           holds the watcher: credit back
 *   time: a lease ran out ───────────▶ Expirer ──────▶ │   of a shard that is watched here
 *                                      Housekeeping ─▶ │   of all others, in turns; idle queues too
 *   network: a claim's answer lost ──▶ LostClaims ───▶ │
 * </pre>
 *
 * <p>A failure that the retry policy does not forgive makes the job dead, whoever gave it up. Else
 * it is due again: after a Nack as {@link dev.dueline.delivery.lease.NackRule} says; at once where
 * its watcher disconnected, or its lease ran out, see {@link dev.dueline.store.due.Release#failed}.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.delivery.lease;
