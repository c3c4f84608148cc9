/**
 * Whether the threads that everything runs on still turn: the event loops that have connections,
 * and that of delivery. Each is asked once a second to say so; one that has not for some time is
 * named by liveness, in a line of the log and by a metric.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.ops.liveness;
