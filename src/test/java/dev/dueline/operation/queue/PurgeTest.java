package dev.dueline.operation.queue;

import static dev.dueline.operation.NoReplicas.NO_WATCHERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.operation.TestStore;
import dev.dueline.operation.queue.Purge.Progress;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.ShardStats;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A purge of 250 jobs in two shards. */
class PurgeTest {
  private static final QueueName QUEUE = new QueueName("q");
  private static final int JOBS = 250;

  private final TestStore store = new TestStore(2);
  private final QueueOperations operations =
      QueueOperations.of(store, store.operations, store.streams, NO_WATCHERS);

  @Test
  void givesItsProgressAfterEachStepUntilNothingRemains() {
    schedule();
    List<Progress> all = purge();
    assertThat(all).hasSizeBetween(3, 5);
    assertThat(all)
        .allSatisfy(each -> assertThat(each.purged() + each.remaining()).isEqualTo(JOBS))
        .last()
        .isEqualTo(new Progress(JOBS, 0));
    assertThat(pending()).isZero();
  }

  @Test
  void endsWithTheStepUnderWayWhenItIsCanceled() {
    schedule();
    List<Progress> begun =
        operations
            .purge()
            .jobs(QUEUE, JobState.PENDING)
            .select()
            .first(1)
            .collect()
            .asList()
            .await()
            .indefinitely();
    assertThat(begun).hasSize(1);
    assertThat(pending()).isEqualTo(begun.get(0).remaining()).isPositive();
  }

  @Test
  void saysOnceThatThereWasNothingToDelete() {
    store.layout(QUEUE).await().indefinitely();
    assertThat(purge()).containsExactly(new Progress(0, 0));
  }

  @Test
  void aQueueThatDoesNotExistIsRefused() {
    assertThatThrownBy(this::purge)
        .isInstanceOfSatisfying(
            QueueRefusedException.class,
            refused ->
                assertThat(refused.reason()).isEqualTo(QueueRefusedException.Reason.NOT_FOUND));
  }

  private List<Progress> purge() {
    return operations
        .purge()
        .jobs(QUEUE, JobState.PENDING)
        .collect()
        .asList()
        .await()
        .indefinitely();
  }

  private long pending() {
    return operations.queues().find(QUEUE).await().indefinitely().sum(ShardStats::pending);
  }

  private void schedule() {
    QueueLayout layout = store.layout(QUEUE).await().indefinitely();
    IntStream.range(0, JOBS)
        .mapToObj(i -> NewJob.of(new JobId("j" + i), new Due.After(60_000), new byte[0]))
        .forEach(
            job -> {
              Shard shard = layout.shardOf(job.id());
              store
                  .jobs
                  .schedule(shard, List.of(new ScheduleItem(job, ConflictPolicy.REJECT)))
                  .await()
                  .indefinitely();
            });
  }
}
