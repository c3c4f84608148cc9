package dev.dueline.embedded;

/**
 * What may be left of an embedded Redis when the JVM that started it ends, in order or by SIGKILL.
 */
enum Leftovers {
  /**
   * Its data. A server that was not closed runs on, and jobs with it, until the next start on the
   * directory ends it.
   */
  SERVER_AND_DATA,

  /** Its data: the server ends with the JVM. */
  DATA,

  /** Nothing: the server ends with the JVM, and the directory is removed. */
  NOTHING
}
