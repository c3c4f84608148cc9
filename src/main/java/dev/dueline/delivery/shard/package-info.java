/**
 * When to ask the store for the due jobs of one shard, and the sweep of what does not fit there.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.delivery.shard;
