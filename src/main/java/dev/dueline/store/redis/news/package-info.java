/** Announcements between replicas, over the pub/sub of Redis. */
@org.jspecify.annotations.NullMarked
package dev.dueline.store.redis.news;
