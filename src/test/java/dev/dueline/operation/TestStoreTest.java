package dev.dueline.operation;

import dev.dueline.store.QueueDirectoryContract;
import dev.dueline.store.queue.QueueDirectory;

/** The directory in memory. */
final class TestStoreTest extends QueueDirectoryContract {
  private final TestStore store = new TestStore(2);

  @Override
  protected QueueDirectory directory() {
    return store;
  }
}
