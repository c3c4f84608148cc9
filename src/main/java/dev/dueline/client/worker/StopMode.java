package dev.dueline.client.worker;

/** What a worker that is to stop does about handlers that run. */
public enum StopMode {
  /** Lets them end, until the time for it is over; then as the other. */
  WAIT,
  /** Cancels them, and gives their jobs back uncounted. */
  GIVE_BACK
}
