package dev.dueline.console.view;

/**
 * Something that is wrong, and what to do about it.
 *
 * @param isSevere whether jobs stand still for it
 * @param queue that it is about; empty: the service
 * @param what in a sentence
 * @param remedy what to do, in a sentence
 * @param href where to see more; empty: nowhere
 */
public record Problem(boolean isSevere, String queue, String what, String remedy, String href) {}
