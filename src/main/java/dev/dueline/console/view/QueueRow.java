package dev.dueline.console.view;

import dev.dueline.console.text.Moment;
import org.jspecify.annotations.Nullable;

/**
 * A queue in a line.
 *
 * @param href of its page
 * @param due of the pending jobs, those whose time has come
 * @param watchers connected to any replica
 * @param isPaused whether deliveries are held back
 * @param isStream whether jobs go to a Redis Stream
 * @param oldestOverdue when the job that is due the longest fell due; null: none is due
 * @param nextDue when the next job falls due; null: none waits, or some are due already
 * @param deliveriesPerSecond between the last two samples; null: there are no two yet
 * @param latenessHalf a bound for half of the jobs that this replica delivered lately; null: it
 *     delivered none, or does not know
 * @param latenessMost a bound for 99 % of them; null: in the same way
 */
public record QueueRow(
    String name,
    String href,
    long pending,
    long due,
    long leased,
    long dead,
    int watchers,
    boolean isPaused,
    boolean isStream,
    @Nullable Moment oldestOverdue,
    @Nullable Moment nextDue,
    @Nullable String deliveriesPerSecond,
    @Nullable String latenessHalf,
    @Nullable String latenessMost) {}
