package dev.dueline.operation.scaling;

/** Takes what one watch tells. Called on the loop. */
public interface ActivitySink {
  /** Takes whether there is anything to do; false: not now, it is told a little later. */
  boolean tell(boolean isActive);

  /** Whether another replica is to go on with it. */
  boolean isOld();

  /** Takes the last word: nothing is told any more. */
  void end(ActivityEnd why);
}
