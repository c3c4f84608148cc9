/**
 * When to ask the store for the due jobs of one shard.
 *
 * <pre>
 *   announcement ──▶ WakeTimer ◀── next due time in the last reply
 *                        │
 *                        ▼ due, or an outlet takes more, or the backstop
 *                    ShardLoop ──▶ Outlet.request ──▶ store     one loop a shard and outlet
 *                        │
 *                        ▼
 *                    Outlet.handOver                            to watchers | to a Redis Stream
 *
 *   Sweeper ──sweep──▶ store                                    one a replica
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.delivery.shard;
