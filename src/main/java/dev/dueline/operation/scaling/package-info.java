/**
 * What an autoscaler of workers asks: how much there is to do in a queue, now and within a time
 * ahead, and when that begins.
 *
 * <pre>
 *   ActivityWatches ──▶ ActivityWatch ──▶ Workloads ──▶ store
 *    how many, drain     one stream        what was counted within a second, for all
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.operation.scaling;
