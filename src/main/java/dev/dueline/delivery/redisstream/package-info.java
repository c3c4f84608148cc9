/** The second way out of a queue: its due jobs go to a Redis Stream. */
@org.jspecify.annotations.NullMarked
package dev.dueline.delivery.redisstream;
