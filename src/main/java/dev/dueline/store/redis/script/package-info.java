/** Calls of the scripts in {@code resources/lua}. */
@org.jspecify.annotations.NullMarked
package dev.dueline.store.redis.script;
