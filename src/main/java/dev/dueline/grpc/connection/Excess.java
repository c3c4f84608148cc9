package dev.dueline.grpc.connection;

/** What a call would be too much of. */
public enum Excess {
  /** Calls in progress on its connection. */
  CALLS_OF_CONNECTION,
  /** Calls in progress from its address. */
  CALLS_OF_ADDRESS,
  /** Calls in progress. */
  CALLS,
  /** Calls in progress that need no credentials, on its connection or in all. */
  ANONYMOUS_CALLS
}
