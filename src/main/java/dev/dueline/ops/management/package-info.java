/**
 * The HTTP server of health and metrics, which anybody who reaches it may ask: what is asked has a
 * time, a size and a number of connections.
 *
 * <pre>
 *   accepted ──headers, by request-timeout──▶ answering ──answer-timeout──▶ idle ─┐
 *                                                 ▲                               │
 *                                                 └──headers, by idle-timeout─────┘
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.ops.management;
