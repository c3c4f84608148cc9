/** What operators do with queues, over all their shards. */
@org.jspecify.annotations.NullMarked
package dev.dueline.operation.queue;
