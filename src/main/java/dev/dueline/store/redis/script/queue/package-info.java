/** Calls of the scripts that run a queue, and of those that enter it. */
@org.jspecify.annotations.NullMarked
package dev.dueline.store.redis.script.queue;
