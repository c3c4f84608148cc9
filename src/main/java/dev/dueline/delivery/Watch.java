package dev.dueline.delivery;

/** The near end of a connected watcher, for its stream. Any thread. */
public interface Watch {
  /** The stream takes more again. */
  void ready();

  /** The stream is gone. Called again, it does nothing. */
  void disconnected();
}
