package dev.dueline.system.abuse.wire;

/** What a connection does otherwise than a sound client. */
public enum Trait {
  /** Acknowledges neither SETTINGS nor PING. */
  NEVER_ACKS,
  /** Reads nothing; so it neither acknowledges, nor learns what became of it. */
  NEVER_READS,
  /** Announces a window of 0 for each stream, so that no DATA can be sent to it. */
  NO_WINDOW,
  /** Gives back no flow control for the DATA that it reads. */
  NEVER_REPLENISHES,
  /**
   * Sends a PING for DATA that it reads, unless one is under way, as grpc-go does to estimate the
   * bandwidth.
   */
  PINGS_FOR_DATA
}
