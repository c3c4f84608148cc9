/** What callers do with jobs, over all shards of their queues. */
@org.jspecify.annotations.NullMarked
package dev.dueline.operation.job;
