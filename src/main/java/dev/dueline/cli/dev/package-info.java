/** The command that starts the service for development and tests. */
@org.jspecify.annotations.NullMarked
package dev.dueline.cli.dev;
