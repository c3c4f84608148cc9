/**
 * A client of the service in Java: what produces jobs, and what works on them.
 *
 * <pre>
 *   ConnectionSettings (address, timeout, TLS, token) ──▶ Connection: one channel, its stubs
 *                                                            │
 *        Producer: schedule, reschedule, cancel  ◀───────────┼──────────▶  Leases: ack, nack, extend
 *                                                            │                ▲ Acker: in batches,
 *                                                            ▼                │ from its own thread
 *        WatchStream: one stream, events as calls  ──▶ Watch: one stream after another ──▶ jobs
 *                                                         (Backoff)
 * </pre>
 *
 * <p>It knows the generated contract and gRPC, and nothing else of this project. Requests and jobs
 * are the contract's own messages; failures of calls are {@link io.grpc.StatusRuntimeException}s.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.client;
