/** Calls of the scripts that keep a shard in order, or try it. */
@org.jspecify.annotations.NullMarked
package dev.dueline.store.redis.script.upkeep;
