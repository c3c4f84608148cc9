package dev.dueline.job.recurrence;

/** A recurrence and how its runs ended so far. */
public record Series(Recurrence recurrence, Runs runs) {}
