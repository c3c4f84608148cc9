package dev.dueline.console.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page {@code jobs.html}: jobs in one state, in the order of their times.
 *
 * @param queue empty: none is chosen yet
 * @param state pending, leased or dead
 * @param from first time asked for, as it was typed; empty: the first there is
 * @param to before which, as it was typed; empty: to the last
 * @param states the choices, each of all its times: what a time means differs
 * @param missingId an id that was looked for and that no job has; empty: none was
 * @param next the URL of the next page; null: this is the last one
 */
public record JobsView(
    String queue,
    Rights may,
    String state,
    String from,
    String to,
    List<QueueDetails.Link> states,
    List<JobRow> jobs,
    String missingId,
    @Nullable String next) {}
