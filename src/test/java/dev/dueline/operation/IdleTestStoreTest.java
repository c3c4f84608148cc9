package dev.dueline.operation;

import dev.dueline.store.IdleQueueContract;
import dev.dueline.store.JobStore;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.RedisStreamStore;
import java.time.Duration;

/** Idle queues of the store in memory. */
final class IdleTestStoreTest extends IdleQueueContract {
  private final TestStore store = new TestStore(2);

  @Override
  protected QueueDirectory directory() {
    return store;
  }

  @Override
  protected JobStore jobs() {
    return store.jobs;
  }

  @Override
  protected QueueStore operations() {
    return store.operations;
  }

  @Override
  protected RedisStreamStore streams() {
    return store.streams;
  }

  @Override
  protected void pass(Duration time) {
    store.nowMs.addAndGet(time.toMillis());
  }
}
