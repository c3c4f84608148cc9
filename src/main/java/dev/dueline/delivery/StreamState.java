package dev.dueline.delivery;

/** Whether the due jobs of a shard go to a stream. */
public enum StreamState {
  /** They go to watchers. */
  NONE,

  /** They go to its stream. */
  OPEN,

  /** Its stream is as long as it may be, and due jobs wait. */
  FULL
}
