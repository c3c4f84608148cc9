/**
 * When a job runs again: rules, and what becomes of a series when one of its runs is over. Pure
 * arithmetic without a clock: every time is handed in, milliseconds since the epoch by Redis's
 * clock.
 *
 * <pre>
 *   Recurrence ── Rule ─┬─ Every     from due time to due time
 *       │               └─ Cron ── CronFields    local times of a zone of ZoneNames
 *       │                    └── CronParser ── CronRefusal    how it is written
 *       ▼
 *    NextRun    due time of the next run, or none; counts of runs
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.job.recurrence;
