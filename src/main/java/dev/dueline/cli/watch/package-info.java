/**
 * Watching queues from the command line: a {@link dev.dueline.client.Watch} whose jobs become lines
 * on standard output, and whose troubles become notes on standard error.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.cli.watch;
