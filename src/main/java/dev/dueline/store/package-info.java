/**
 * The port to where jobs are kept: what any store must guarantee. Every call is atomic for each of
 * its items, is judged by the store's own clock, and either happened or fails with {@link
 * dev.dueline.store.failure.StoreUnavailableException} (it may have happened: retry what is safe to
 * retry), {@link dev.dueline.store.failure.StoreFullException} (it did not happen) or {@link
 * dev.dueline.store.failure.StoreReplyException} (a bug). Results come in the order of the request.
 *
 * <pre>
 *   JobStore       jobs: transitions and reads       call, due
 *   queue          queues: directory, settings, counts, Redis Streams
 *   Announcements  between replicas                  news
 *   failure        how calls fail
 *   coalesce       merges calls, in front of any store
 *   redis          the store in Redis
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.store;
