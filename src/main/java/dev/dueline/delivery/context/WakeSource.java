package dev.dueline.delivery.context;

/** Why the loop of a shard asks the store. */
public enum WakeSource {
  /** The next due time that it knew of has come. */
  TIMER,
  /** A job became the head of the shard. */
  ANNOUNCEMENT,
  /** A watcher has credit again, or is new. */
  CREDIT,
  /** Announcements may have been missed. */
  LISTENING,
  /** Some time has passed, and an announcement may have been lost unseen. */
  BACKSTOP
}
