package dev.dueline.store;

/** Hears what a store does: metrics listen here. Any thread; must not block. */
public interface StoreObserver {
  /** An observer that does nothing. */
  StoreObserver NONE = new StoreObserver() {};

  /**
   * A call of the store is over.
   *
   * @param call its verb, one of a few
   * @param tookNanos from when it was sent until its reply, or failure, was there
   */
  default void called(String call, long tookNanos) {}

  /**
   * Calls of clients went out together.
   *
   * @param call their verb, one of a few
   * @param items of all of them
   */
  default void merged(String call, int items) {}
}
