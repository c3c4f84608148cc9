package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.call.Deadline;
import dev.dueline.store.call.RequestId;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that are known by their ids take room in Redis for two windows at most. */
final class RequestWindowTest {
  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final String REQUESTS = "dueline:{remembered/0}:requests";

  private final TestRedis redis = new TestRedis(Integer.MAX_VALUE, WINDOW);
  private final Shard shard = new Shard(new QueueName("remembered"), 0);

  @AfterEach
  void stop() {
    redis.close();
  }

  @Test
  void whereNoneFollowsTheKeyExpires() {
    schedule("a");

    assertThat(redis.send(Command.PTTL, REQUESTS).toLong())
        .isBetween(WINDOW.toMillis(), 2 * WINDOW.toMillis());
  }

  /** Else all that follows would be kept until the clock is where it was again. */
  @Test
  void aWindowThatBeganBeforeTheClockWasSetBackBeginsAnew() {
    redis.setClockOffset(() -> Duration.ofDays(1).toMillis());
    schedule("before");
    redis.setClockOffset(() -> 0);
    schedule("after");
    redis.setClockOffset(WINDOW::toMillis);
    schedule("next");

    // One request, and the time at which its window began.
    assertThat(redis.send(Command.HLEN, REQUESTS).toLong()).isEqualTo(2);
  }

  private void schedule(String id) {
    NewJob job = NewJob.of(new JobId(id), new Due.After(60_000), new byte[1]);
    RequestId request = new RequestId(id);
    ScheduleItem item = new ScheduleItem(job, ConflictPolicy.REJECT, request, Deadline.NEVER);
    assertThat(redis.store().schedule(shard, List.of(item)).await().atMost(Duration.ofMinutes(1)))
        .extracting(Scheduled::outcome)
        .containsExactly(Scheduled.Outcome.CREATED);
  }
}
