package dev.dueline.operation.clock;

import java.time.Duration;

/** Whether clients are doing something. */
public interface Activity {
  /**
   * Whether no call of a client was under way for so long, none began and none ended, but for those
   * that wait for jobs. Any thread.
   */
  boolean isCalm(Duration time);
}
