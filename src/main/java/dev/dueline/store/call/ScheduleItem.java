package dev.dueline.store.call;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.NewJob;

/** One job to store, and what to do when its id is taken. */
public record ScheduleItem(NewJob job, ConflictPolicy onConflict) {}
