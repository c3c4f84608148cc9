/**
 * Working on jobs: a handler is called for each, and what it ends with decides what becomes of the
 * job.
 *
 * <pre>
 *   Worker: starts and stops, and lends its one thread to all that follows
 *     │
 *   Streams ──jobs, lost leases──▶ Slots ──▶ JobHandler, on threads of a pool
 *   (WatchDue, one or more,          │
 *    at different replicas)       Settler: acks and nacks, in batches
 * </pre>
 *
 * <p>{@code Streams} sees to it that the jobs that all streams may have out, and those that are
 * left from streams that are gone, are never more than the handlers that may run.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.client.worker;
