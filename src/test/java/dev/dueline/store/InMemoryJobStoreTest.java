package dev.dueline.store;

import dev.dueline.store.queue.QueueStore;

/** The model keeps the contract. */
final class InMemoryJobStoreTest extends JobStoreContract {
  private long nowUs = 1_700_000_000_000_000L;

  private final InMemoryJobStore store = new InMemoryJobStore(() -> nowUs, (shard, dueMs) -> {});

  @Override
  public JobStore store() {
    return store;
  }

  @Override
  public QueueStore operations() {
    return store;
  }

  @Override
  public void pass(long ms) {
    nowUs += ms * 1000;
  }
}
