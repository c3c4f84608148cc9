/** Watchers of this replica: who gets the next job, and what becomes of it when one goes away. */
@org.jspecify.annotations.NullMarked
package dev.dueline.delivery.watch;
