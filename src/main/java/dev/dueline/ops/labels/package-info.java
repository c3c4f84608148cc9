/**
 * Which queues have a label of their own in metrics: those that are used most, of all that are seen
 * here. Knows nothing of meters.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.ops.labels;
