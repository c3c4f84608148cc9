/** Dueline, a delayed-job service. */
@org.jspecify.annotations.NullMarked
package dev.dueline;
