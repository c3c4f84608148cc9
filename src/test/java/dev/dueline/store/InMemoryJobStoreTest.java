package dev.dueline.store;

/** The model keeps the contract. */
final class InMemoryJobStoreTest extends JobStoreContract {
  private long nowUs = 1_700_000_000_000_000L;

  private final JobStore store = new InMemoryJobStore(() -> nowUs, (shard, dueMs) -> {});

  @Override
  public JobStore store() {
    return store;
  }

  @Override
  public void pass(long ms) {
    nowUs += ms * 1000;
  }
}
