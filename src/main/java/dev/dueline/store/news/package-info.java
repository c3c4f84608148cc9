/**
 * What replicas tell each other of watchers and their leases: to the replica that holds a watcher
 * go the news of its leases, and the wish that it stop, which that replica answers.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.store.news;
