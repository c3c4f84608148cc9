/**
 * How people write durations, and texts of which not all can be seen: the same on the command line,
 * in the console and in what KEDA is told. Knows the JDK only.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.text;
