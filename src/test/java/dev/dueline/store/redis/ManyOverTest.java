package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Release.Target;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.QueueStore.Purged;
import dev.dueline.store.queue.QueueStore.Spread;
import dev.dueline.store.queue.ShardStats;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** More jobs are over than are ended before a shard is counted: they count for nothing. */
final class ManyOverTest {
  private static final int OVER = 2_200;
  private static final int STEP = 50;
  private static final Duration AGE = Duration.ofHours(1);
  private static final long LEASE_MS = 60_000;

  private final TestRedis redis = new TestRedis(new DeadJobs(Integer.MAX_VALUE, AGE), AGE);
  private final QueueStore operations = redis.operations();
  private final Shard shard = new Shard(new QueueName("over"), 0);
  private final AtomicLong offsetMs = new AtomicLong();

  @AfterEach
  void stop() {
    redis.close();
  }

  @Test
  void aPurgeDeletesAllThatStatsCounted() {
    givenJobsOver();
    given("live", 3, hence(), 0);
    assertThat(stats().pending()).isEqualTo(3);

    assertThat(purge(JobState.PENDING)).isEqualTo(new Purged(3, 0));
  }

  @Test
  void aPurgeOfDeadJobsDeletesAllThatStatsCounted() {
    givenDeadJobsOver();
    givenDead("young", 3);
    assertThat(stats().dead()).isEqualTo(3);

    assertThat(purge(JobState.DEAD)).isEqualTo(new Purged(3, 0));
  }

  @Test
  void aRedriveBringsBackTheDeadThatStatsCounted() {
    givenDeadJobsOver();
    givenDead("young", 3);
    assertThat(stats().dead()).isEqualTo(3);

    assertThat(await(operations.redrive(shard, 3, new Spread(0, 0)))).isEqualTo(3);

    assertThat(stats().dead()).isZero();
    assertThat(await(redis.store().read(shard, new JobId("young-0"))).orElseThrow().state())
        .isEqualTo(JobState.PENDING);
  }

  @Test
  void aCountLeavesOutJobsThatAreOver() {
    givenJobsOver();
    given("live", 3, hence(), 0);

    assertThat(count(JobState.PENDING, 2L, hence() - LEASE_MS)).containsExactly(0L, 0L, 3L);
  }

  @Test
  void aCountOfDeadJobsLeavesOutThoseThatAreTooOld() {
    givenDeadJobsOver();
    givenDead("young", 3);

    assertThat(count(JobState.DEAD)).containsExactly(3L);
  }

  /** Where Redis takes no writes, nothing is ended, and all counts agree. */
  @Test
  void whatCannotBeEndedCountsAsWhatItIs() {
    given("expired", 2, 1, 1);
    given("leased", 3, 0, 0);
    claim(3);
    offsetMs.set(2 * LEASE_MS);
    redis.setClockOffset(offsetMs::get);
    redis.send(Command.CONFIG, "SET", "min-replicas-to-write", "1");

    long nowMs = stats().nowMs();
    assertThat(count(JobState.LEASED)).containsExactly(0L);
    assertThat(count(JobState.PENDING, 2L, nowMs - LEASE_MS, nowMs + AGE.toMillis()))
        .containsExactly(0L, 0L, 3L, 0L);
    assertThat(stats().pending()).isEqualTo(3);
    assertThat(stats().leased()).isZero();
  }

  @Test
  void nothingIsDueNextWhereAllThatWaitsIsOver() {
    given("expired", 2, 1, 1);
    redis.send(Command.CONFIG, "SET", "min-replicas-to-write", "1");

    assertThat(stats().pending()).isZero();
    assertThat(stats().nextDueMs()).isEqualTo(Claim.NONE);
  }

  /** Far behind the time that they had to wait in. */
  private void givenJobsOver() {
    given("over", OVER, 1, 1);
  }

  private void givenDeadJobsOver() {
    for (int from = 0; from < OVER; from += STEP) {
      givenDead("old-" + from, STEP);
    }
    offsetMs.set(2 * AGE.toMillis());
    redis.setClockOffset(offsetMs::get);
  }

  private void givenDead(String name, int jobs) {
    given(name, jobs, 0, 0);
    List<Release> ends =
        claim(jobs).deliveries().stream()
            .map(job -> new Release(job.token().lease(), new Target.Dead(), true, "broken"))
            .toList();
    assertThat(await(redis.store().release(shard, ends, false)))
        .hasSize(jobs)
        .doesNotContain(false);
  }

  private Claim claim(int jobs) {
    List<Slots.Holder> holder = List.of(new Slots.Holder(1, 1, LEASE_MS));
    return await(redis.store().claim(shard, TestSlots.of(holder, Collections.nCopies(jobs, 0))));
  }

  private void given(String name, int jobs, long dueMs, long ttlMs) {
    for (int from = 0; from < jobs; from += STEP) {
      List<ScheduleItem> items =
          IntStream.range(from, Math.min(jobs, from + STEP))
              .mapToObj(i -> new JobId(name + "-" + i))
              .map(
                  id ->
                      new NewJob(id, new Due.At(dueMs), new byte[0], new TreeMap<>(), null, ttlMs))
              .map(job -> new ScheduleItem(job, ConflictPolicy.REJECT))
              .toList();
      assertThat(await(redis.store().schedule(shard, items))).hasSize(items.size());
    }
  }

  private static long hence() {
    return System.currentTimeMillis() + Duration.ofDays(1).toMillis();
  }

  private ShardStats stats() {
    return await(operations.stats(shard));
  }

  private Purged purge(JobState state) {
    return await(operations.purge(shard, state, 100));
  }

  private List<Long> count(JobState state, Long... boundariesMs) {
    return await(operations.count(shard, state, List.of(boundariesMs)));
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }
}
