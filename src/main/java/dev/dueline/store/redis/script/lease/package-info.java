/** Calls of the scripts that give, end and look for leases, and that end runs. */
@org.jspecify.annotations.NullMarked
package dev.dueline.store.redis.script.lease;
