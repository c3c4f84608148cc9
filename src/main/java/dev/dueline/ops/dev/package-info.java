/**
 * The service as {@code dueline dev} runs it: what it is asked for, what it refuses to be run with,
 * and how it ends with the process that started it.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.ops.dev;
