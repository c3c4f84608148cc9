/** What Redis says when it refuses or fails a command, told apart, and logged once a change. */
@org.jspecify.annotations.NullMarked
package dev.dueline.store.redis.failure;
