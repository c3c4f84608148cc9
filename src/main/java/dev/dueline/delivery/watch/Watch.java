package dev.dueline.delivery.watch;

import dev.dueline.store.news.WatchToken;
import java.time.Duration;

/** The handle of a connected watcher, for its stream. Any thread. */
public interface Watch {
  /** Names it for {@link Watchers#stop}. */
  WatchToken token();

  /** The stream takes more again. */
  void ready();

  /**
   * Gets no more jobs, and tells its client to connect anew. Ends once those that are out are
   * settled, or after a time.
   */
  void leave(Duration max);

  /** The stream is gone. Called again, it does nothing. */
  void disconnected();
}
