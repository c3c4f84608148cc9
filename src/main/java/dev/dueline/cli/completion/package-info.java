/** What shells need to complete a command line. */
@org.jspecify.annotations.NullMarked
package dev.dueline.cli.completion;
