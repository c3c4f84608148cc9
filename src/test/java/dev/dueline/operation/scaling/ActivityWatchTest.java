package dev.dueline.operation.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.grpc.ManualLoop;
import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.operation.TestStore;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.QueueStore;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When an autoscaler is told that there is something to do, by a clock that is set by hand. */
class ActivityWatchTest {
  private static final QueueName QUEUE = new QueueName("daily");
  private static final Duration LOOKAHEAD = Duration.ofSeconds(60);
  private static final long DAY_MS = Duration.ofDays(1).toMillis();

  private final TestStore store = new TestStore(2);
  private final ManualLoop loop = new ManualLoop();
  private final Workloads workloads = new Workloads(store, store.operations, loop);
  private final ActivityWatches watches = new ActivityWatches(workloads, loop);
  private final Recorder told = new Recorder();

  /** What a watch told. */
  private static final class Recorder implements ActivitySink {
    private final List<Object> all = new ArrayList<>();
    private boolean isReady = true;
    private boolean isOld;

    @Override
    public boolean tell(boolean isActive) {
      if (isReady) {
        all.add(isActive);
      }
      return isReady;
    }

    @Override
    public boolean isOld() {
      return isOld;
    }

    @Override
    public void end(ActivityEnd why) {
      all.add(why);
    }
  }

  @Test
  void aQueueWithOneJobADayIsActiveTheLookaheadBeforeItAndUntilItIsDone() {
    schedule("morning", DAY_MS);
    watch();
    pass(DAY_MS - LOOKAHEAD.toMillis() - 1);
    assertThat(told.all).containsExactly(false);
    pass(1);
    assertThat(told.all).containsExactly(false, true);

    pass(LOOKAHEAD.toMillis());
    LeaseRef lease = claim();
    pass(20_000);
    assertThat(told.all).as("while a worker has the job").containsExactly(false, true);
    await(store.jobs.ack(shardOf(lease.id()), List.of(lease)));
    pass(1_000);
    assertThat(told.all).containsExactly(false, true, false);
  }

  @Test
  void whatIsScheduledOrCanceledShowsWithinTwoSeconds() {
    watch();
    assertThat(told.all).as("of a queue that does not exist").containsExactly(false);
    schedule("soon", 30_000);
    pass(2_000);
    assertThat(told.all).containsExactly(false, true);
    JobId id = new JobId("soon");
    await(store.jobs.cancel(shardOf(id), List.of(new CancelItem(id, false))));
    pass(2_000);
    assertThat(told.all).containsExactly(false, true, false);
  }

  @Test
  void pausedJobsNeedNoWorker() {
    schedule("held", 0);
    layout().shards().forEach(shard -> await(store.operations.pause(shard, true)));
    watch();
    assertThat(told.all).containsExactly(false);
    layout().shards().forEach(shard -> await(store.operations.pause(shard, false)));
    pass(1_000);
    assertThat(told.all).containsExactly(false, true);
  }

  @Test
  void aPausedQueueKeepsTheWorkerOfAJobThatIsOut() {
    schedule("out", 0);
    schedule("held", 0);
    claim();
    layout().shards().forEach(shard -> await(store.operations.pause(shard, true)));
    assertThat(jobs()).isEqualTo(1);
  }

  @Test
  void nothingIsToldWhileTheStoreIsAway() {
    schedule("morning", LOOKAHEAD.toMillis() + 5_000);
    watch();
    layout()
        .shards()
        .forEach(
            shard ->
                store.failingShards.put(
                    shard.place(),
                    new StoreUnavailableException("away", new IllegalStateException())));
    pass(60_000);
    assertThat(told.all).containsExactly(false);
    store.failingShards.clear();
    pass(1_000);
    assertThat(told.all).containsExactly(false, true);
  }

  @Test
  void whoCannotTakeItIsToldLater() {
    told.isReady = false;
    watch();
    pass(5_000);
    told.isReady = true;
    pass(1_000);
    assertThat(told.all).containsExactly(false);
  }

  @Test
  void watchesEndWithTheReplicaTheConnectionAndTheClient() {
    Recorder old = new Recorder();
    watches.watch(QUEUE, LOOKAHEAD, old);
    Recorder gone = new Recorder();
    watches.watch(QUEUE, LOOKAHEAD, gone).cancel();
    watch();
    old.isOld = true;
    pass(1_000);
    assertThat(old.all).containsExactly(false, ActivityEnd.LEFT);
    watches.close();
    watch();
    assertThat(told.all).containsExactly(false, ActivityEnd.LEFT, ActivityEnd.DRAINING);
    assertThat(gone.all).isEmpty();
    assertThat(loop.timers()).isZero();
  }

  @Test
  void oneMoreThanMayBeIsRefused() {
    List<ActivityWatch> all = new ArrayList<>();
    for (int i = 0; i < ActivityWatches.MAX; i++) {
      all.add(watches.watch(QUEUE, LOOKAHEAD, new Recorder()));
    }
    watch();
    assertThat(told.all).containsExactly(ActivityEnd.TOO_MANY);
    all.get(0).cancel();
    watch();
    assertThat(told.all).containsExactly(ActivityEnd.TOO_MANY, false);
  }

  @Test
  void watchesLookLessOftenWhereTheirQueuesHaveMoreShards() {
    assertThat(layout().shardCount()).isEqualTo(2);
    List<ActivityWatch> others = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      others.add(watches.watch(QUEUE, LOOKAHEAD, new Recorder()));
    }
    watch();
    schedule("soon", 30_000);
    pass(2_019);
    assertThat(told.all).as("10 ms for each of 202 shards").containsExactly(false);
    pass(1);
    assertThat(told.all).containsExactly(false, true);

    others.forEach(ActivityWatch::cancel);
    JobId id = new JobId("soon");
    await(store.jobs.cancel(shardOf(id), List.of(new CancelItem(id, false))));
    pass(2_020 + 1_000);
    schedule("sooner", 0);
    pass(1_000);
    assertThat(told.all).as("alone").containsExactly(false, true, false, true);
  }

  @Test
  void whatTakesLongToCountIsNotTakenForNewer() {
    schedule("morning", DAY_MS);
    QueueStore slow =
        (QueueStore)
            Proxy.newProxyInstance(
                QueueStore.class.getClassLoader(),
                new Class<?>[] {QueueStore.class},
                (proxy, method, arguments) ->
                    ((Uni<?>) method.invoke(store.operations, arguments)).invoke(() -> pass(20)));
    Workload workload = await(new Workloads(store, slow, loop).of(QUEUE, LOOKAHEAD));
    assertThat(store.nowMs.get()).isGreaterThan(TestStore.START_MS);
    long activeMs = TestStore.START_MS + DAY_MS - LOOKAHEAD.toMillis();
    assertThat(workload.holdsForMs(loop.nanoTime()))
        .isPositive()
        .isLessThanOrEqualTo(activeMs - store.nowMs.get());
  }

  @Test
  void aSecondIsSharedByAllWhoAsk() {
    schedule("a", 0);
    assertThat(jobs()).isEqualTo(1);
    schedule("b", LOOKAHEAD.toMillis());
    schedule("c", LOOKAHEAD.toMillis() + 1);
    assertThat(jobs()).isEqualTo(1);
    loop.advance(Duration.ofSeconds(1));
    assertThat(jobs()).as("due, and within the lookahead").isEqualTo(2);
  }

  private long jobs() {
    return await(workloads.of(QUEUE, LOOKAHEAD)).jobs();
  }

  private void watch() {
    watches.watch(QUEUE, LOOKAHEAD, told);
    loop.settle();
  }

  /** Lets time pass in the store, and then, timer by timer, on the loop. */
  private void pass(long ms) {
    for (long left = ms; left > 0; ) {
      long step = Math.min(left, left > 5_000 ? left - 5_000 : 1);
      store.nowMs.addAndGet(step);
      loop.advance(Duration.ofMillis(step));
      left -= step;
    }
  }

  private void schedule(String id, long delayMs) {
    NewJob job = NewJob.of(new JobId(id), new Due.After(delayMs), new byte[0]);
    await(
        store.jobs.schedule(
            shardOf(job.id()), List.of(new ScheduleItem(job, ConflictPolicy.REJECT))));
  }

  private LeaseRef claim() {
    Slots slots = TestSlots.of(List.of(new Slots.Holder(7, 1, 30_000)), Collections.nCopies(1, 0));
    return layout().shards().stream()
        .flatMap(shard -> await(store.jobs.claim(shard, slots)).deliveries().stream())
        .map(delivery -> delivery.token().lease())
        .findFirst()
        .orElseThrow();
  }

  private Shard shardOf(JobId id) {
    return layout().shardOf(id);
  }

  private QueueLayout layout() {
    return await(store.layout(QUEUE));
  }

  private static <T> T await(Uni<T> uni) {
    return uni.await().indefinitely();
  }
}
