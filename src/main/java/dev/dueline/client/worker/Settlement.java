package dev.dueline.client.worker;

/** What became of a delivery. */
public enum Settlement {
  /** The job is done. */
  ACKED,
  /** It is tried again. */
  NACKED,
  /** It went to the dead jobs. */
  DEAD,
  /** It went back uncounted, as the worker stops. */
  GIVEN_BACK,
  /** Its lease was over: somebody else has it, or had; or an unanswered attempt settled it. */
  LOST,
  /** The service could not be told before the lease was over; the job comes again. */
  UNSETTLED
}
