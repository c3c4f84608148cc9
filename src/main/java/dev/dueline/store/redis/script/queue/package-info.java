/** Calls of the scripts that run a queue. */
@org.jspecify.annotations.NullMarked
package dev.dueline.store.redis.script.queue;
