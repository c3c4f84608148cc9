package dev.dueline.store.coalesce;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.InMemoryJobStore;
import dev.dueline.store.JobStore;
import dev.dueline.store.JobStoreContract;
import dev.dueline.store.StoreObserver;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.failure.StoreBusyException;
import dev.dueline.store.queue.QueueStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A store with merged calls keeps the contract. */
final class CoalescingJobStoreTest extends JobStoreContract {
  private long nowUs = 1_700_000_000_000_000L;

  private final InMemoryJobStore inner = new InMemoryJobStore(() -> nowUs, (shard, dueMs) -> {});
  private final JobStore store = new CoalescingJobStore(inner, 1 << 30, StoreObserver.NONE);

  @Test
  void attributesCountForWhatMayWait() {
    JobStore small = new CoalescingJobStore(inner, 2_000, StoreObserver.NONE);
    NewJob job =
        new NewJob(
            new JobId("large"),
            new Due.After(0),
            new byte[100],
            new TreeMap<>(Map.of("name", "v".repeat(2_000))),
            null,
            0);

    assertThatThrownBy(
            () ->
                small
                    .schedule(
                        new Shard(new QueueName("small"), 0),
                        List.of(new ScheduleItem(job, ConflictPolicy.REJECT)))
                    .await()
                    .indefinitely())
        .isInstanceOf(StoreBusyException.class);
  }

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
