/**
 * The one thread and clock of delivery, and what waits by them: alarms, backoff, turns, and a
 * shard's time by the clock of the store; and the same by a clock that a test moves.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.delivery.time;
