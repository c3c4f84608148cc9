package dev.dueline.delivery.watch;

/** This replica is going away and takes no more watchers: connect to another one. */
public final class DrainingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Refuses one watcher. */
  public DrainingException() {
    super("this replica is going away");
  }
}
