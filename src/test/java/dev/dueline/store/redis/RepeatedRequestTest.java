package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.JobStore;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Deadline;
import dev.dueline.store.call.RequestId;
import dev.dueline.store.call.ScheduleItem;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Who repeats a request waits for the replicas that must have the first try's work: Redis waits for
 * what a connection wrote, so a repeat has to write.
 */
final class RepeatedRequestTest {
  private static final RequestId REQUEST = new RequestId("r");

  private final TestRedis redis = new TestRedis();
  private final JobStore store = redis.store();
  private final Shard shard = new Shard(new QueueName("repeated"), 0);

  @AfterEach
  void stop() {
    redis.close();
  }

  @Test
  void thatOfAScheduleWrites() {
    NewJob job = NewJob.of(new JobId("a"), new Due.After(60_000), new byte[1]);
    ScheduleItem item = new ScheduleItem(job, ConflictPolicy.REJECT, REQUEST, Deadline.NEVER);
    await(store.schedule(shard, List.of(item)));
    long before = writes();

    await(store.schedule(shard, List.of(item)));

    assertThat(writes()).isGreaterThan(before);
  }

  @Test
  void thatOfACancelWrites() {
    NewJob job = NewJob.of(new JobId("a"), new Due.After(60_000), new byte[1]);
    await(store.schedule(shard, List.of(new ScheduleItem(job, ConflictPolicy.REJECT))));
    CancelItem item = new CancelItem(new JobId("a"), false, REQUEST);
    await(store.cancel(shard, List.of(item)));
    long before = writes();

    await(store.cancel(shard, List.of(item)));

    assertThat(writes()).isGreaterThan(before);
  }

  private long writes() {
    String info = redis.send(Command.INFO, "persistence").toString();
    return info.lines()
        .filter(line -> line.startsWith("rdb_changes_since_last_save:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
        .sum();
  }

  private static <T> T await(Uni<T> uni) {
    return uni.await().atMost(Duration.ofSeconds(30));
  }
}
