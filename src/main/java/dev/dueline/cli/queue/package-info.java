/** Running queues from the command line: what is in them, holding, limiting and emptying them. */
@org.jspecify.annotations.NullMarked
package dev.dueline.cli.queue;
