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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pages of jobs some of which lost their records, as after a failover, or that are large. */
final class RedisListsTest {
  private static final long DUE_MS = 32_503_680_000_000L;

  /** Of records that one script reads for a page. */
  private static final int READ_BYTES = 4 << 20;

  private static final int LARGE = 256 << 10;

  private final TestRedis redis = new TestRedis();
  private final Shard shard = new Shard(new QueueName("q"), 0);

  @AfterEach
  void stop() {
    redis.close();
  }

  @Test
  void aPageThatFindsNoneTellsHowFarItLooked() {
    List<String> ids = List.of("a", "b", "c", "d", "e");
    ids.forEach(id -> schedule(id, 0));
    DamagedShard damaged = new DamagedShard(redis, shard);
    List.of("a", "b", "d").forEach(id -> damaged.erase("jobs", id));

    JobPage none = page(null, 2);
    assertThat(none.jobs()).isEmpty();
    assertThat(none.hasMore()).isTrue();
    assertThat(none.end()).isEqualTo(new Position(DUE_MS, new JobId("b")));

    JobPage some = page(none.end(), 2);
    assertThat(some.jobs()).extracting(view -> view.job().id().value()).containsExactly("c");
    assertThat(some.end()).isEqualTo(new Position(DUE_MS, new JobId("d")));
    JobPage last = page(some.end(), 2);
    assertThat(last.jobs()).extracting(view -> view.job().id().value()).containsExactly("e");
    assertThat(last.hasMore()).isFalse();
  }

  @Test
  void aPageWithoutPayloadsReadsNoMoreOfThemThanAScriptMay() {
    List<String> ids = IntStream.range(10, 30).mapToObj(i -> "job-" + i).toList();
    ids.forEach(id -> schedule(id, LARGE));

    JobPage first = page(null, ids.size());
    JobPage rest = page(first.end(), ids.size());

    assertThat(first.jobs()).hasSizeBetween(1, READ_BYTES / LARGE);
    assertThat(first.hasMore()).isTrue();
    assertThat(rest.hasMore()).isFalse();
    assertThat(Stream.of(first, rest).flatMap(page -> page.jobs().stream()))
        .extracting(view -> view.job().id().value())
        .containsExactlyElementsOf(ids);
  }

  private JobPage page(@Nullable Position after, int size) {
    ListQuery query = new ListQuery(JobState.PENDING, 0, Long.MAX_VALUE, after, size, false);
    return redis.store().list(shard, query).await().indefinitely();
  }

  private void schedule(String id, int payloadBytes) {
    NewJob job = NewJob.of(new JobId(id), new Due.At(DUE_MS), new byte[payloadBytes]);
    redis
        .store()
        .schedule(shard, List.of(new ScheduleItem(job, ConflictPolicy.REJECT)))
        .await()
        .indefinitely();
  }
}
