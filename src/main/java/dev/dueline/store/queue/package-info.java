/**
 * Queues as a store knows them: their directory, how each is laid out, their settings and counts.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.store.queue;
