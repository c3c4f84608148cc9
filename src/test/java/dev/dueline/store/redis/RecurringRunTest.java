package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Delivery;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.LeaseRef;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.StoredJob;
import dev.dueline.job.recurrence.Cron;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.job.recurrence.Runs;
import dev.dueline.store.JobStore;
import dev.dueline.store.ScheduleItem;
import dev.dueline.store.Slots;
import dev.dueline.store.SweepStep;
import dev.dueline.store.redis.layout.IdCodec;
import dev.dueline.store.redis.layout.RecordCodec;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Script;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run of a recurring job between its end and the next: what a crash or damage there leaves. */
final class RecurringRunTest {
  private static final JobId ID = new JobId("r");
  private static final long LEASE_MS = 30_000;

  private final TestRedis redis = new TestRedis();
  private final JobStore store = redis.store();
  private final Shard shard = new Shard(new QueueName("recurring"), 0);

  @AfterEach
  void stop() {
    redis.close();
  }

  @Test
  void aReplicaThatDiesBeforeItRenewsLeavesTheLeaseInForce() {
    schedule();
    LeaseRef lease = claim().token().lease();
    Arguments acked = new Arguments().add(ID).add(lease.leaseId().bytes());

    assertThat(redis.run(Script.ACK, shard, acked).number()).isEqualTo(2);

    assertThat(read().state()).isEqualTo(JobState.LEASED);
    assertThat(await(store.leased(shard, List.of(lease))).get(0)).isPresent();
    // The caller who had no answer asks again, at any replica.
    assertThat(await(store.ack(shard, List.of(lease)))).containsExactly(true);
    assertThat(await(store.ack(shard, List.of(lease)))).containsExactly(false);
    assertThat(runs()).isEqualTo(new Runs(1, 0, 0));
  }

  @Test
  void aRenewalOfALeaseThatEndedChangesNothing() {
    schedule();
    LeaseRef lease = claim().token().lease();
    await(store.ack(shard, List.of(lease)));
    Arguments late = new Arguments().add(RedisKeys.headChannel(shard)).add(ID);
    late.add(lease.leaseId().bytes()).add("completed").add(5).add(9).add(9).add(9).add(false).add("");

    assertThat(redis.run(Script.RENEW, shard, late).number()).isZero();

    assertThat(runs()).isEqualTo(new Runs(1, 0, 0));
  }

  @Test
  void anAckGoesOnOutOfMemory() {
    schedule();
    LeaseRef lease = claim().token().lease();
    redis.send(Command.SCRIPT, "FLUSH");
    redis.send(Command.CONFIG, "SET", "maxmemory-policy", "noeviction");
    redis.send(Command.CONFIG, "SET", "maxmemory", "1");

    assertThat(await(store.ack(shard, List.of(lease)))).containsExactly(true);

    assertThat(read().state()).isEqualTo(JobState.PENDING);
  }

  @Test
  void aSweepPutsItBackWhereTheNextRunIsDue() {
    schedule();
    await(store.ack(shard, List.of(claim().token().lease())));
    long next = read().dueMs();
    redis.send(Command.DEL, new Object[] {TestRedis.keys(shard).get(0)});

    SweepStep step;
    do {
      step = await(store.sweep(shard, new SweepStep.Pace(0, 0, 0)));
    } while (!step.isComplete());

    assertThat(read().dueMs()).isEqualTo(next);
    assertThat(runs()).isEqualTo(new Runs(1, 0, 0));
  }

  @Test
  void aZoneThatThisServerDoesNotKnowEndsTheSeriesWithTheDead() {
    schedule();
    byte[] key = TestRedis.keys(shard).get(1);
    byte[] record =
        redis.send(Command.HGET, key, IdCodec.pack(ID)).toBuffer().getDelegate().getBytes();
    String text = new String(record, StandardCharsets.ISO_8859_1);
    byte[] other =
        text.replace("Europe/Berlin", "Europe/Merlin").getBytes(StandardCharsets.ISO_8859_1);
    redis.send(Command.HSET, key, IdCodec.pack(ID), other);
    Delivery delivery = claim();
    assertThat(delivery.job().series()).isNull();
    assertThat(delivery.job().attributes()).containsEntry("a", "b");

    assertThat(await(store.ack(shard, List.of(delivery.token().lease())))).containsExactly(true);

    assertThat(read().state()).isEqualTo(JobState.DEAD);
    assertThat(read().lastFailure()).isEqualTo("unreadable recurrence");
  }

  @Test
  void recordsFromBeforeThereWereRecurrencesStillRead() {
    byte[] record =
        HexFormat.of()
            .parseHex(
                "02018bcfe56800018bcfe56801" // layout, due, created
                    + "06018bcfe56800" // has ttl and meta, due as given
                    + "00000000ea60" // ttl
                    + "0000000b00000000016100000001" // meta without policy
                    + "62"
                    + "010203"); // payload
    StoredJob job = RecordCodec.decode(ID, record);
    assertThat(job.dueMs()).isEqualTo(1_700_000_000_000L);
    assertThat(job.ttlMs()).isEqualTo(60_000);
    assertThat(job.attributes()).containsExactly(java.util.Map.entry("a", "b"));
    assertThat(job.payload()).containsExactly(1, 2, 3);
    assertThat(job.series()).isNull();
    redis.send(Command.HSET, TestRedis.keys(shard).get(1), IdCodec.pack(ID), record);
    redis.send(Command.ZADD, TestRedis.keys(shard).get(0), "1700000000000", IdCodec.pack(ID));
    redis.setClockOffset(() -> 1_700_000_000_000L - System.currentTimeMillis());
    assertThat(await(store.ack(shard, List.of(claim().token().lease())))).containsExactly(true);
    assertThat(await(store.read(shard, ID))).isEmpty();
  }

  private void schedule() {
    NewJob job =
        new NewJob(
            ID,
            new Due.At(0),
            new byte[] {1},
            new TreeMap<>(java.util.Map.of("a", "b")),
            null,
            0,
            new Recurrence(
                new Cron("0 4 * * *", "Europe/Berlin"),
                Due.MAX_MS,
                0,
                dev.dueline.job.recurrence.MissedRuns.SKIP),
            null);
    await(store.schedule(shard, List.of(new ScheduleItem(job, ConflictPolicy.REJECT))));
    // As if it were stored now: days that were missed since 1970 would be counted.
    await(store.reschedule(shard, ID, new Due.After(0)));
    redis.setClockOffset(() -> 10);
  }

  private Delivery claim() {
    List<Slots.Holder> holder = List.of(new Slots.Holder(1, 1, LEASE_MS));
    return await(store.claim(shard, new Slots(holder, Collections.nCopies(1, 0))))
        .deliveries()
        .get(0);
  }

  private JobView read() {
    return await(store.read(shard, ID)).orElseThrow();
  }

  private Runs runs() {
    return Objects.requireNonNull(read().job().series()).runs();
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(20));
  }
}
