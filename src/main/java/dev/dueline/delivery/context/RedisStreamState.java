package dev.dueline.delivery.context;

/** Whether the due jobs of a shard go to a Redis Stream. */
public enum RedisStreamState {
  /** They go to watchers. */
  NONE,

  /** They go to its Redis Stream. */
  OPEN,

  /** Its Redis Stream is as long as it may be, and due jobs wait. */
  FULL
}
