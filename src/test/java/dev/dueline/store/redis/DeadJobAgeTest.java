package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.call.ListQuery;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.ExpiredLeases;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Release.Target;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.queue.ShardStats;
import dev.dueline.store.redis.script.queue.StatsCall;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Dead jobs that are too old are gone from counts and lists, and then from Redis, by themselves.
 */
final class DeadJobAgeTest {
  private static final int JOBS = 250;
  private static final Duration AGE = Duration.ofHours(1);

  private final TestRedis redis = new TestRedis(new DeadJobs(Integer.MAX_VALUE, AGE), AGE);
  private final Shard shard = new Shard(new QueueName("old"), 0);
  private final AtomicLong offsetMs = new AtomicLong();

  @BeforeEach
  void givenDeadJobsThatAreTooOld() {
    redis.setClockOffset(offsetMs::get);
    List<Slots.Holder> holder = List.of(new Slots.Holder(1, 1, 60_000));
    for (int from = 0; from < JOBS; from += 50) {
      List<ScheduleItem> items =
          IntStream.range(from, from + 50)
              .mapToObj(i -> NewJob.of(new JobId("job-" + i), new Due.At(0), new byte[0]))
              .map(job -> new ScheduleItem(job, ConflictPolicy.REJECT))
              .toList();
      assertThat(await(redis.store().schedule(shard, items))).hasSize(50);
      List<Release> ends =
          await(redis.store().claim(shard, TestSlots.of(holder, Collections.nCopies(50, 0))))
              .deliveries()
              .stream()
              .map(job -> new Release(job.token().lease(), new Target.Dead(), true, "broken"))
              .toList();
      assertThat(await(redis.store().release(shard, ends, false)))
          .hasSize(50)
          .doesNotContain(false);
    }
    offsetMs.set(AGE.toMillis() + 60_000);
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  @Test
  void areNotCounted() {
    ShardStats stats = await(redis.operations().stats(shard));

    assertThat(stats.dead()).isZero();
    assertThat(stats.droppedDead()).isEqualTo(JOBS);
  }

  /** Whoever looks counts them as what they will be, and is told to end them. */
  @Test
  void areNotCountedWhileTheyAreThere() {
    StatsCall.Counted counted = redis.run(new StatsCall(shard, AGE.toMillis()));

    assertThat(counted.over()).isEqualTo(JOBS);
    assertThat(counted.stats().dead()).isZero();
    assertThat(counted.stats().droppedDead()).isZero();
  }

  @Test
  void areNotListed() {
    ListQuery dead = new ListQuery(JobState.DEAD, 0, Long.MAX_VALUE, null, 1_000, false);

    assertThat(await(redis.store().list(shard, dead)).jobs()).isEmpty();
  }

  @Test
  void areDroppedInBoundedSteps() {
    ExpiredLeases first = await(redis.store().expire(shard, 10));
    ExpiredLeases second = await(redis.store().expire(shard, 10));
    ExpiredLeases third = await(redis.store().expire(shard, 10));

    assertThat(first.mayHaveMore()).isTrue();
    assertThat(second.mayHaveMore()).isTrue();
    assertThat(third.mayHaveMore()).isFalse();
    assertThat(await(redis.operations().stats(shard)).droppedDead()).isEqualTo(JOBS);
  }
}
