/**
 * Watching queues from the command line.
 *
 * <pre>
 *   gRPC ──events──▶ WatchCall ──▶ WatchLoop ──lines──▶ standard output
 *                        ▲            │ tokens
 *          reconnect ────┘            ▼
 *          (Backoff)               Acker ──unary Ack──▶ gRPC
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.cli.watch;
