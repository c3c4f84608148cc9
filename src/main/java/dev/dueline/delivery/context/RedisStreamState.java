package dev.dueline.delivery.context;

/** Whether the due jobs of a shard go to a stream. */
public enum RedisStreamState {
  /** They go to watchers. */
  NONE,

  /** They go to its stream. */
  OPEN,

  /** Its stream is as long as it may be, and due jobs wait. */
  FULL
}
