/** The registry of queues, and the index of their names. */
@org.jspecify.annotations.NullMarked
package dev.dueline.store.redis.directory;
