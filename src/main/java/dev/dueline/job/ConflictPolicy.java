package dev.dueline.job;

/** What Schedule does when a live job already has the id. */
public enum ConflictPolicy implements Coded {
  /** Refuse, unless the request is identical. */
  REJECT(1),
  /** Leave the job as it is. */
  KEEP(2),
  /** Put the new job in the place of one that is waiting or dead. */
  REPLACE(3),
  /** As REPLACE, but only if the new due time is earlier. */
  REPLACE_IF_EARLIER(4),
  /** As REPLACE, but only if the new due time is later. */
  REPLACE_IF_LATER(5);

  private final int code;

  ConflictPolicy(int code) {
    this.code = code;
  }

  @Override
  public int code() {
    return code;
  }
}
