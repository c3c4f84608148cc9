package dev.dueline.cli.watch;

/**
 * What becomes of the jobs that a watch sees.
 *
 * @param ack acknowledges each once it is written
 * @param autoAck the service takes them for done when it sends them
 * @param count ends after so many jobs
 * @param json prints objects, not lines
 */
record WatchMode(boolean ack, boolean autoAck, long count, boolean json) {
  /** Whether the reader has to acknowledge, and needs the tokens for it. */
  boolean printsTokens() {
    return !ack && !autoAck;
  }
}
