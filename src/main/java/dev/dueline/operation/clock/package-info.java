/**
 * Moves the clock of a service that tests run against. A move goes from one event to the next, and
 * lets delivery settle at each, so that what happens on the way is what would have happened.
 *
 * <pre>
 *   ClockOperations ──▶ Advance ──▶ Quiescence ──▶ Lookout ──▶ store, delivery     one thread
 *                       AutoAdvance ───────────────▶ │
 *                       Reset ─────────────────────▶ ▼
 *                                                 Snapshot: what is under way, and what comes next
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.operation.clock;
