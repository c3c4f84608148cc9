/**
 * How a benchmark makes load and takes it away again.
 *
 * <pre>
 *   Budget ──how many more──▶ ClosedLoop: N lanes, one call out in each, the next when it is over
 *                                │ Script: which call           │ Answer ──▶ Calls (times, failures)
 *                                ▼                              │
 *                             gRPC ────────────────────────────▶┘
 *   AckingWatch ◀──stream── gRPC,  ──one Ack a message──▶ gRPC
 *   Jobs: the ids of a run, and what became of each;  PhaseTimeout: how long the run may stay silent
 * </pre>
 *
 * <p>Callbacks run on the thread of the connection that the call went out on, and start the next
 * call from there: client, service and Redis often share a few cores, and what the client uses is
 * missing elsewhere.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.cli.bench.load;
