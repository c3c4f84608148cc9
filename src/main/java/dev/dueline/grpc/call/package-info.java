/**
 * What every call passes before its service: trace, access, limits of calls and connections; and
 * how a unary call is answered.
 *
 * <pre>
 *   call ──▶ CallBounds ──▶ CallTraces ──▶ AccessControl ──▶ service ──▶ Answers
 *                                               │
 *                                               └─ RequestRules: permission and queues of a request
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.grpc.call;
