/** How the console listens: where, for whom, and within which bounds. */
@org.jspecify.annotations.NullMarked
package dev.dueline.ops.console;
