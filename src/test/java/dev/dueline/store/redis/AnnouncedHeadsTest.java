package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Extension;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Release.Target;
import dev.dueline.store.queue.QueueStore.Spread;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The scripts announce a job if, and only if, it became the head of its shard. */
final class AnnouncedHeadsTest extends HeadsFixture {
  private void schedule(String id, long... dueMs) {
    List<ScheduleItem> items =
        IntStream.range(0, dueMs.length)
            .mapToObj(i -> NewJob.of(new JobId(id + i), new Due.At(dueMs[i]), new byte[0]))
            .map(job -> new ScheduleItem(job, ConflictPolicy.REPLACE))
            .toList();
    await(store.schedule(shard, items));
  }

  private LeaseRef leased(String id, long dueMs) {
    schedule(id, dueMs);
    LeaseRef lease = claimed();
    announced();
    return lease;
  }

  private void release(LeaseRef lease, Target target) {
    await(store.release(shard, List.of(new Release(lease, target, true, "")), false));
  }

  private void reschedule(String id, long dueMs) {
    await(store.reschedule(shard, new JobId(id), new Due.At(dueMs)));
  }

  @Test
  void scheduleAnnouncesEachNewHead() {
    schedule("first", T + 5);
    assertThat(announced()).containsExactly(T + 5);
    schedule("later", T + 6);
    schedule("same", T + 5);
    assertThat(announced()).isEmpty();
    schedule("earlier", T + 4);
    assertThat(announced()).containsExactly(T + 4);
  }

  @Test
  void scheduleAnnouncesOneHeadOfABatch() {
    schedule("batch", T + 5, T + 3, T + 4, T + 3);

    assertThat(announced()).containsExactly(T + 3);
  }

  @Test
  void scheduleAnnouncesAReplacedJobOnlyWhenItBecomesTheHead() {
    schedule("a", T + 5);
    schedule("b", T + 7);
    announced();

    schedule("a", T + 9);
    assertThat(announced()).as("the head moved away").isEmpty();
    schedule("b", T + 6);
    assertThat(announced()).as("the head moved forward").containsExactly(T + 6);
    schedule("a", T + 8);
    assertThat(announced()).as("still behind").isEmpty();
  }

  @Test
  void releaseAnnouncesAJobThatBecomesTheHead() {
    LeaseRef lease = leased("a", 1);
    schedule("waiting", T + 5);
    announced();

    release(lease, new Target.AsItWas());
    assertThat(announced()).containsExactly(1L);
  }

  @Test
  void releaseAnnouncesTheOnlyJob() {
    LeaseRef lease = leased("a", 1);

    release(lease, new Target.DueAgain(new Due.At(T)));
    assertThat(announced()).containsExactly(T);
  }

  @Test
  void releaseAnnouncesNothingBehindTheHeadAndNothingDead() {
    LeaseRef later = leased("a", 1);
    LeaseRef dead = leased("b", 2);
    schedule("waiting", T + 5);
    announced();

    release(later, new Target.DueAgain(new Due.At(T + 6)));
    release(dead, new Target.Dead());
    release(dead, new Target.AsItWas());
    assertThat(announced()).isEmpty();
  }

  @Test
  void rescheduleAnnouncesAJobThatBecomesTheHead() {
    schedule("a", T + 5);
    schedule("b", T + 6);
    announced();

    reschedule("b0", T + 4);
    assertThat(announced()).containsExactly(T + 4);
    reschedule("b0", T + 7);
    reschedule("a0", T + 5);
    reschedule("none", T + 1);
    assertThat(announced()).isEmpty();
  }

  @Test
  void rescheduleAnnouncesADeadJobThatComesBack() {
    release(leased("a", 1), new Target.Dead());

    reschedule("a0", T + 4);
    assertThat(announced()).containsExactly(T + 4);
  }

  @Test
  void redriveAnnouncesADeadJobThatBecomesTheHead() {
    release(leased("a", 1), new Target.Dead());
    schedule("waiting", T + 5);
    announced();

    await(redis.operations().redrive(shard, 1, new Spread(0, 0)));
    long dueMs = await(store.read(shard, new JobId("a0"))).orElseThrow().dueMs();
    assertThat(announced()).containsExactly(dueMs);
  }

  @Test
  void theEndOfARunAnnouncesTheNextOne() {
    Recurrence yearly = Recurrence.of(new Every(Duration.ofDays(365).toMillis()));
    schedule("again", await(store.nowMs(shard)), yearly);
    LeaseRef lease = claimed();
    schedule("waiting", T);
    announced();

    await(store.ack(shard, List.of(lease)));
    long dueMs = await(store.read(shard, lease.id())).orElseThrow().dueMs();
    assertThat(announced()).containsExactly(dueMs);
  }

  @Test
  void nothingElseAnnounces() {
    LeaseRef acked = leased("acked", 1);
    LeaseRef extended = leased("extended", 2);
    schedule("head", T + 5);
    schedule("next", T + 6);
    announced();

    await(store.ack(shard, List.of(acked)));
    await(store.extend(shard, List.of(new Extension(extended, 120_000))));
    await(store.cancel(shard, List.of(new CancelItem(new JobId("head0"), false))));
    await(store.cancel(shard, List.of(new CancelItem(extended.id(), true))));
    assertThat(announced()).isEmpty();
  }
}
