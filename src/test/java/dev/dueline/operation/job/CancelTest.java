package dev.dueline.operation.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.delivery.context.DeliveryObserver;
import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.news.Holders;
import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.operation.NoReplicas;
import dev.dueline.operation.TestStore;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Canceled.Outcome;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.store.queue.QueueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Cancel over several shards, some of which fail. */
class CancelTest {
  private static final long REPLICA = 7;
  private static final QueueName QUEUE = new QueueName("q");

  private final TestStore store = new TestStore(4);
  private final List<LeaseToken> told = new ArrayList<>();
  private final Cancel cancel = new Cancel(store, store.jobs, leases());

  @Test
  void jobsOfAnUnknownQueueAreNotFoundAndItDoesNotComeToBe() {
    schedule("a");
    List<Outcome> outcomes =
        cancel
            .each(List.of(item("nowhere", "a"), item("q", "a"), item("q", "b")))
            .await()
            .indefinitely();
    assertThat(outcomes).containsExactly(Outcome.NOT_FOUND, Outcome.CANCELED, Outcome.NOT_FOUND);
    assertThat(store.queues).containsOnlyKeys(QUEUE);
  }

  @Test
  void leasesThatEndedAreToldAlthoughAnotherShardFails() {
    QueueLayout layout = new QueueLayout(QUEUE, 4);
    String failing = "a";
    String leased =
        Stream.iterate(0, i -> i + 1)
            .map(i -> "b" + i)
            .filter(id -> !shardOf(layout, id).equals(shardOf(layout, failing)))
            .findFirst()
            .orElseThrow();
    schedule(failing);
    schedule(leased);
    Slots slot = TestSlots.of(List.of(new Slots.Holder(REPLICA, 1, 30_000)), List.of(0));
    store.jobs.claim(shardOf(layout, leased), slot).await().indefinitely();
    store.failingShards.put(
        shardOf(layout, failing).place(), new StoreUnavailableException("frozen", null));

    assertThatThrownBy(
            () ->
                cancel.each(List.of(item("q", failing), item("q", leased))).await().indefinitely())
        .isInstanceOf(StoreUnavailableException.class);

    assertThat(told).extracting(token -> token.lease().id().value()).containsExactly(leased);
  }

  private static Shard shardOf(QueueLayout layout, String id) {
    return layout.shardOf(new JobId(id));
  }

  private static Cancel.Item item(String queue, String id) {
    return new Cancel.Item(new QueueName(queue), new CancelItem(new JobId(id), true));
  }

  private void schedule(String id) {
    NewJob job = NewJob.of(new JobId(id), new Due.After(0), new byte[0]);
    new Schedule(store, store.jobs)
        .one(new Schedule.Item(QUEUE, new ScheduleItem(job, ConflictPolicy.REJECT)))
        .await()
        .indefinitely();
  }

  private Leases leases() {
    SplittableRandom random = new SplittableRandom(1);
    Holders holders = new Holders(REPLICA, new NoReplicas());
    holders.listen(news -> told.addAll(NoReplicas.ended(news)));
    return new Leases(store.jobs, holders, () -> random, DeliveryObserver.NONE);
  }
}
