package dev.dueline.job;

/** What Schedule does when a live job already has the id. */
public enum ConflictPolicy {
  /** Refuse, unless the request is identical. */
  REJECT,
  /** Leave the job as it is. */
  KEEP,
  /** Put the new job in the place of one that is waiting or dead. */
  REPLACE,
  /** As REPLACE, but only if the new due time is earlier. */
  REPLACE_IF_EARLIER,
  /** As REPLACE, but only if the new due time is later. */
  REPLACE_IF_LATER
}
