package dev.dueline.store.coalesce;

import dev.dueline.store.InMemoryJobStore;
import dev.dueline.store.JobStore;
import dev.dueline.store.JobStoreContract;
import dev.dueline.store.StoreObserver;

/** A store with merged calls keeps the contract. */
final class CoalescingJobStoreTest extends JobStoreContract {
  private long nowUs = 1_700_000_000_000_000L;

  private final JobStore store =
      new CoalescingJobStore(
          new InMemoryJobStore(() -> nowUs, (shard, dueMs) -> {}), 1 << 30, StoreObserver.NONE);

  @Override
  public JobStore store() {
    return store;
  }

  @Override
  public void pass(long ms) {
    nowUs += ms * 1000;
  }
}
