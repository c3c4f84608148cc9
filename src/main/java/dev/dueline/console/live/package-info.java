/**
 * What changes while one looks: a sample of all queues again and again, one for all tabs of a
 * replica, and none while nobody looks.
 *
 * <pre>
 *   page or event stream ──▶ Sampler: round, pause, round … ──▶ Samples, the last of each queue
 *                                                          ├──▶ History, an hour of each
 *                                                          └──▶ event streams: there is news
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.console.live;
