/**
 * The RPCs of workers: WatchDue, StopWatch, PullDue, Ack, Nack and ExtendLease. A {@code
 * WatchStream} writes all of one WatchDue call, on the event loop of delivery.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.grpc.worker;
