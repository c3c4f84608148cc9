package dev.dueline.job.recurrence;

import java.util.OptionalLong;

/**
 * What follows a run.
 *
 * @param dueMs when the next one is due, which may have passed; empty: the series is over
 * @param runs the counts, with the run that ended and what was missed
 */
public record NextRun(OptionalLong dueMs, Runs runs) {}
