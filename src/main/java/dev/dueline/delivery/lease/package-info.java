/**
 * What becomes of leases.
 *
 * <pre>
 *   client: Ack, Nack, ExtendLease ──▶ Leases ─────────┐
 *   watcher: auto-extend, silence ───▶ LeaseKeeper ──▶ │ store ──▶ Holders ──▶ the replica that
 *   watcher: disconnect, drain ──────▶ ReleaseRetry ─▶ │           holds the watcher: credit back
 *   time: a lease ran out ───────────▶ Expirer ──────▶ │
 *   network: a claim's answer lost ──▶ LostClaims ───▶ │
 * </pre>
 *
 * <p>Where the job of a failed delivery goes, whoever gave it up, is one decision: {@link
 * dev.dueline.delivery.lease.RetryDecision}.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.delivery.lease;
