package dev.dueline.operation.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.operation.TestStore;
import dev.dueline.store.call.ScheduleItem;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many jobs are due by the end of windows, each of which has those of the one before it. */
class JobsAheadTest {
  private static final List<Duration> WINDOWS =
      List.of(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofHours(1));

  private final TestStore store = new TestStore(1);
  private final Shard shard = await(store.layout(new QueueName("q"))).shards().get(0);

  @Test
  void eachWindowHasWhatIsDueByItsEnd() {
    schedule("overdue", 0);
    schedule("within", 5_000);
    schedule("at-its-end", 10_000);
    schedule("behind-it", 10_001);
    schedule("later", 300_000);
    schedule("tomorrow", Duration.ofDays(1).toMillis());
    assertThat(ahead()).containsExactly(3L, 4L, 5L);
    store.nowMs.addAndGet(290_000);
    assertThat(ahead()).containsExactly(5L, 5L, 5L);
  }

  @Test
  void nothingIsAskedWhereTheStatsSayIt() {
    assertThat(ahead()).as("no jobs").containsExactly(0L, 0L, 0L);
    schedule("tomorrow", Duration.ofDays(1).toMillis());
    assertThat(ahead()).as("none is near").containsExactly(0L, 0L, 0L);
    schedule("overdue", 0);
    assertThat(ahead()).as("one is due, none is near").containsExactly(1L, 1L, 1L);
  }

  private List<Long> ahead() {
    return await(
        store
            .operations
            .stats(shard)
            .chain(stats -> new JobsAhead(store.operations).in(WINDOWS, shard, stats)));
  }

  private void schedule(String id, long delayMs) {
    NewJob job = NewJob.of(new JobId(id), new Due.After(delayMs), new byte[0]);
    await(store.jobs.schedule(shard, List.of(new ScheduleItem(job, ConflictPolicy.REJECT))));
  }

  private static <T> T await(Uni<T> uni) {
    return uni.await().indefinitely();
  }
}
