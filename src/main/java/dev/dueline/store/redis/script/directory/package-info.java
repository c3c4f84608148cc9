/** Calls that enter queues, let shards say their layouts, find idle queues, and delete queues. */
@org.jspecify.annotations.NullMarked
package dev.dueline.store.redis.script.directory;
