package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.call.JobPage;
import dev.dueline.store.call.JobPage.Position;
import dev.dueline.store.call.ListQuery;
import dev.dueline.store.call.ScheduleItem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A list of jobs some of which lost their records, as after a failover. */
final class LostRecordListTest {
  private static final long DUE_MS = 32_503_680_000_000L;

  private final TestRedis redis = new TestRedis();
  private final Shard shard = new Shard(new QueueName("q"), 0);

  @AfterEach
  void stop() {
    redis.close();
  }

  @Test
  void aPageThatFindsNoneTellsHowFarItLooked() {
    List<String> ids = List.of("a", "b", "c", "d", "e");
    ids.forEach(this::schedule);
    DamagedShard damaged = new DamagedShard(redis, shard);
    List.of("a", "b", "d").forEach(id -> damaged.erase("jobs", id));

    JobPage none = page(null);
    assertThat(none.jobs()).isEmpty();
    assertThat(none.hasMore()).isTrue();
    assertThat(none.end()).isEqualTo(new Position(DUE_MS, new JobId("b")));

    JobPage some = page(none.end());
    assertThat(some.jobs()).extracting(view -> view.job().id().value()).containsExactly("c");
    assertThat(some.end()).isEqualTo(new Position(DUE_MS, new JobId("d")));
    JobPage last = page(some.end());
    assertThat(last.jobs()).extracting(view -> view.job().id().value()).containsExactly("e");
    assertThat(last.hasMore()).isFalse();
  }

  private JobPage page(@Nullable Position after) {
    ListQuery query = new ListQuery(JobState.PENDING, 0, Long.MAX_VALUE, after, 2, false);
    return redis.store().list(shard, query).await().indefinitely();
  }

  private void schedule(String id) {
    NewJob job = NewJob.of(new JobId(id), new Due.At(DUE_MS), new byte[0]);
    redis
        .store()
        .schedule(shard, List.of(new ScheduleItem(job, ConflictPolicy.REJECT)))
        .await()
        .indefinitely();
  }
}
