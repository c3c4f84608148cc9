/**
 * Makes few large calls of many small ones, as a group commit does: while a call for a shard is
 * under way, more of its kind wait, and go out together. An idle store is asked at once; a busy one
 * gets batches by itself.
 *
 * <pre>
 *   callers ──▶ Coalescer, one a verb ──▶ Lane, one a busy shard ──▶ JobStore
 *                  │ asks for room
 *               Backlog, one for all
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.store.coalesce;
