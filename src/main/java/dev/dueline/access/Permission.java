package dev.dueline.access;

import java.util.Locale;

/** What a principal may be allowed to do to a queue. */
public enum Permission {
  /** Store, take back, move and look at jobs. */
  SCHEDULE,
  /** Take jobs that are due, and say what became of them. */
  WATCH,
  /** See how a queue stands, hold it, limit it, empty it. */
  OPERATE;

  /** The word for it in configuration, tokens and messages. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
