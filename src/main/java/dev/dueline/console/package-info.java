/**
 * The console: pages over HTTP for those who run queues. It stands beside {@code grpc} on the same
 * operations, for the same principals; how it listens is in {@code ops.console}.
 *
 * <pre>
 *   browser ──▶ http: who, from where, how much ──▶ page: operations → view → template (render)
 *                                               ├──▶ action: a form → operation → back to a page
 *                                               └──▶ live: one sample of all queues, for all tabs
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.console;
