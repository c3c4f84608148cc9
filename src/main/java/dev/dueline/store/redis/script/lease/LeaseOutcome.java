package dev.dueline.store.redis.script.lease;

import dev.dueline.job.Coded;

/** What became of a lease that was to be ended. */
public enum LeaseOutcome implements Coded {
  /** It was not in force. */
  LOST(0),
  /** It is ended. */
  ENDED(1),
  /** The run of a job that recurs is over, and all is as it was: {@link RenewCall} ends it. */
  RUN_OVER(2);

  private final int code;

  LeaseOutcome(int code) {
    this.code = code;
  }

  @Override
  public int code() {
    return code;
  }
}
