/**
 * The words of the domain. What exists is valid: the constructors hold the invariants and throw
 * {@link IllegalArgumentException}; the API checks a request before it builds any of these.
 *
 * <pre>
 *            schedule                claim                  ack
 *   (none) ───────────▶ pending ──────────────▶ leased ──────────────▶ (none)
 *                        │  ▲  ▲     release      │  │
 *                 cancel │  │  └──────────────────┘  │ release, attempts used up
 *                        ▼  │ reschedule             ▼
 *                    (none) └──────────────────── dead ──cancel──▶ (none)
 * </pre>
 *
 * <p>A recurring job goes from leased back to pending, for its next run, where another would be
 * done or dead; see {@link dev.dueline.job.recurrence}.
 *
 * <p>Times are milliseconds since the epoch by Redis's clock, durations are milliseconds.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.job;
