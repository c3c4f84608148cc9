/** Readiness: whether the store answers, and what it lacks. */
@org.jspecify.annotations.NullMarked
package dev.dueline.ops.health;
