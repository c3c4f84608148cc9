/** Calls of the scripts that store, move, take back and show jobs. */
@org.jspecify.annotations.NullMarked
package dev.dueline.store.redis.script.job;
