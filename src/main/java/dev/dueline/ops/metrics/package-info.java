/** Gauges, counters and spans of queues, deliveries, scripts and connections. */
@org.jspecify.annotations.NullMarked
package dev.dueline.ops.metrics;
