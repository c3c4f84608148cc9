/**
 * Who may do what to which queues: the words of access, and the table of what each call needs. The
 * wire asks here; how callers are told apart is set up in {@code ops.security}.
 *
 * <pre>
 *   call ──credentials──▶ Authenticator ──▶ Principal ──┐
 *   request ──▶ RequestRules: permission and queues ────┴─▶ granted, or the queue that is not
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.grpc.access;
