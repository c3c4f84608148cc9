package dev.dueline.access;

import java.util.Locale;

/** What a principal may be allowed to do to a queue. */
public enum Permission {
  /** Store, take back, move and look at jobs. */
  SCHEDULE,
  /** Take jobs that are due, and say what became of them. */
  WATCH,
  /** See how a queue stands, and who watches it. */
  READ,
  /** See what jobs carry, in the console. */
  PAYLOADS,
  /** Hold a queue, limit it, empty it; who may do that may read it, too. */
  OPERATE;

  /** The word for it in configuration, tokens and messages. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
