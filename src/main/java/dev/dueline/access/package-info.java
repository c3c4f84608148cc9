/**
 * Who may do what to which queues: principals, permissions and the limits of a principal. Knows
 * neither gRPC nor HTTP; how principals are configured is in {@code ops.security}.
 *
 * <pre>
 *   credentials ──Authenticator──▶ Principal ──permission──▶ QueuePatterns ──▶ granted or not
 *         │                            └── Usage: calls a second, watchers at this replica
 *         └── wrong ones ──PeerAddress──▶ FailedAuthentications, of gRPC and console together
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.access;
