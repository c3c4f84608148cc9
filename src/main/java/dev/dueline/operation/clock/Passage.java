package dev.dueline.operation.clock;

/**
 * What came of a move of the clock.
 *
 * @param nowMs the time that is now
 * @param steps events that it stopped at
 * @param isComplete whether it got where it was to go; otherwise there were too many events, or its
 *     caller waits no longer
 * @param jobs what happened to jobs meanwhile, and how many are out now
 */
public record Passage(long nowMs, int steps, boolean isComplete, Tally jobs) {}
