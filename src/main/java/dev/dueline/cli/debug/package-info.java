/** Commands for people who work on Dueline, and for support: they look into Redis itself. */
@org.jspecify.annotations.NullMarked
package dev.dueline.cli.debug;
