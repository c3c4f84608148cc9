package dev.dueline.store.due;

/** Where the due jobs of a queue go. */
public enum Destination {
  /** To those that call WatchDue or PullDue. */
  WATCHERS,
  /** To the Redis Stream of their shard, never to watchers. */
  REDIS_STREAM
}
