package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.recurrence.Cron;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.job.recurrence.Runs;
import dev.dueline.store.JobStore;
import dev.dueline.store.SweepStep;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.redis.layout.IdCodec;
import dev.dueline.store.redis.script.lease.AckCall;
import dev.dueline.store.redis.script.lease.LeaseReply;
import dev.dueline.store.redis.script.lease.ReleaseCall;
import dev.dueline.store.redis.script.lease.RenewCall;
import dev.dueline.store.redis.script.lease.RunOutcome;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run of a recurring job between its end and the next: what a crash or damage there leaves. */
final class RecurringRunTest {
  private static final JobId ID = new JobId("r");
  private static final long LEASE_MS = 600_000;

  /** Hours from where the job recurs: no run is missed while a test is under way. */
  private static final Instant NOON = Instant.parse("2026-01-15T12:00:00Z");

  /** When its run after that is due: at four in Berlin. */
  private static final Instant NEXT = Instant.parse("2026-01-16T03:00:00Z");

  private final long offsetMs = NOON.toEpochMilli() - System.currentTimeMillis();

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

    RunOutcome completed =
        new RunOutcome(RunOutcome.EndCode.COMPLETED, NEXT.toEpochMilli(), new Runs(1, 0, 0));
    assertThat(redis.run(new AckCall(shard, List.of(lease))))
        .containsExactly(runOver(new RenewCall.Item(lease, completed, false, "")));

    assertThat(read().state()).isEqualTo(JobState.LEASED);
    assertThat(await(store.leased(shard, List.of(lease))).get(0)).isPresent();
    // The caller who had no answer asks again, at any replica.
    assertThat(await(store.ack(shard, List.of(lease)))).containsExactly(true);
    assertThat(await(store.ack(shard, List.of(lease)))).containsExactly(false);
    assertThat(runs()).isEqualTo(new Runs(1, 0, 0));
  }

  @Test
  void aReleaseLeavesTheLeaseInForceToo() {
    schedule();
    LeaseRef lease = claim().token().lease();
    Release dead = new Release(lease, new Release.Target.Dead(), true, "no route");

    RunOutcome died =
        new RunOutcome(RunOutcome.EndCode.DIED, NEXT.toEpochMilli(), new Runs(0, 1, 0));
    assertThat(
            redis.run(
                new ReleaseCall(shard, false, 100, LEASE_MS, List.of(ReleaseCall.item(dead)))))
        .containsExactly(runOver(new RenewCall.Item(lease, died, true, "no route")));

    assertThat(read().state()).isEqualTo(JobState.LEASED);
    assertThat(await(store.leased(shard, List.of(lease))).get(0)).isPresent();
  }

  @Test
  void aRunWhoseRecordIsGoneLeavesNothing() {
    schedule();
    LeaseRef lease = claim().token().lease();
    redis.send(Command.HDEL, TestRedis.keys(shard).get(1), IdCodec.pack(ID));

    assertThat(await(store.ack(shard, List.of(lease)))).containsExactly(true);

    for (int key = 0; key < 5; key++) {
      assertThat(redis.send(Command.EXISTS, TestRedis.keys(shard).get(key)).toLong()).isZero();
    }
  }

  @Test
  void aRunWhoseRecordIsUnreadableEndsWithTheDead() {
    schedule();
    Release dead =
        new Release(claim().token().lease(), new Release.Target.Dead(), true, "no route");
    redis.send(Command.HSET, TestRedis.keys(shard).get(1), IdCodec.pack(ID), new byte[] {1});

    assertThat(await(store.release(shard, List.of(dead), false))).containsExactly(true);

    assertThat(read().state()).isEqualTo(JobState.DEAD);
  }

  @Test
  void aRenewalEndsTheRunOfTheLeaseInForce() {
    schedule();

    assertThat(redis.run(renewal(claim().token().lease()))).containsExactly(true);

    assertThat(runs()).isEqualTo(new Runs(9, 9, 9));
    assertThat(read().state()).isEqualTo(JobState.PENDING);
    assertThat(read().dueMs()).isEqualTo(5);
  }

  @Test
  void aRenewalOfALeaseThatEndedChangesNothing() {
    schedule();
    LeaseRef lease = claim().token().lease();
    await(store.ack(shard, List.of(lease)));

    assertThat(redis.run(renewal(lease))).containsExactly(false);

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
    Release retry =
        new Release(
            claim().token().lease(), new Release.Target.DueAgain(new Due.At(0)), true, "no route");
    await(store.release(shard, List.of(retry), false));
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
    assertThat(read().failures().last()).isEqualTo("unreadable recurrence");
    assertThat(read().failures().first()).isEqualTo("no route");
  }

  private static LeaseReply runOver(RenewCall.Item run) {
    return new LeaseReply(LeaseReply.Outcome.RUN_OVER, Optional.of(run));
  }

  private RenewCall renewal(LeaseRef lease) {
    RunOutcome outcome = new RunOutcome(RunOutcome.EndCode.COMPLETED, 5, new Runs(9, 9, 9));
    return new RenewCall(
        shard, 100, LEASE_MS, List.of(new RenewCall.Item(lease, outcome, false, "")));
  }

  private void schedule() {
    redis.setClockOffset(() -> offsetMs);
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
    redis.setClockOffset(() -> offsetMs + 10);
  }

  private Delivery claim() {
    List<Slots.Holder> holder = List.of(new Slots.Holder(1, 1, LEASE_MS));
    return await(store.claim(shard, TestSlots.of(holder, Collections.nCopies(1, 0))))
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
    return call.await().atMost(Duration.ofSeconds(60));
  }
}
