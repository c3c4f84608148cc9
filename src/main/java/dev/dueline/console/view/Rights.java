package dev.dueline.console.view;

/**
 * What the caller may do to the queue of a page; what he may not is not offered.
 *
 * @param payloads see the payloads of jobs
 * @param schedule store, cancel and move jobs
 * @param operate pause, limit, purge, redrive and delete
 */
public record Rights(boolean payloads, boolean schedule, boolean operate) {}
