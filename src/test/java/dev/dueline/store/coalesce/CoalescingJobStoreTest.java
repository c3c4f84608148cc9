package dev.dueline.store.coalesce;

import dev.dueline.store.InMemoryJobStore;
import dev.dueline.store.JobStore;
import dev.dueline.store.JobStoreContract;
import dev.dueline.store.StoreObserver;
import dev.dueline.store.queue.QueueStore;

/** A store with merged calls keeps the contract. */
final class CoalescingJobStoreTest extends JobStoreContract {
  private long nowUs = 1_700_000_000_000_000L;

  private final InMemoryJobStore inner = new InMemoryJobStore(() -> nowUs, (shard, dueMs) -> {});
  private final JobStore store = new CoalescingJobStore(inner, 1 << 30, StoreObserver.NONE);

  @Override
  public JobStore store() {
    return store;
  }

  @Override
  public QueueStore operations() {
    return inner;
  }

  @Override
  public void pass(long ms) {
    nowUs += ms * 1000;
  }
}
