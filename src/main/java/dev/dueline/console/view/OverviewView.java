package dev.dueline.console.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page {@code overview.html}.
 *
 * @param problems the worst first
 * @param queues in the order of their names
 * @param prefix that was asked for; may be empty
 * @param next the URL of the next page of queues; null: this is the last one
 * @param unreadable queues that could not be looked at
 * @param sampled when the queues were looked at
 * @param isPartial whether there are more queues than are sampled
 */
public record OverviewView(
    List<Problem> problems,
    List<QueueRow> queues,
    String prefix,
    @Nullable String next,
    List<String> unreadable,
    Moment sampled,
    boolean isPartial) {}
