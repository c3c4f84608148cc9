package dev.dueline.console.view;

import dev.dueline.console.text.Moment;

/**
 * A job in a line.
 *
 * @param href of its page
 * @param state pending, leased or dead
 * @param due when it is or was due
 * @param at pending: the due time; leased: the end of the lease; dead: when it died
 * @param attempts that failed
 * @param lastFailure empty: none
 * @param isRecurring whether it runs again and again
 */
public record JobRow(
    String id,
    String href,
    String state,
    Moment due,
    Moment at,
    int attempts,
    String lastFailure,
    boolean isRecurring) {}
