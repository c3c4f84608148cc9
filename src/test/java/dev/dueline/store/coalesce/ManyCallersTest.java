package dev.dueline.store.coalesce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.JobStore;
import dev.dueline.store.StoreObserver;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.redis.TestRedis;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Many threads on one real shard: verdicts on one job agree, though they come from one script. */
final class ManyCallersTest {
  private static final int JOBS = 200;
  private static final int CALLERS = 8;

  private static TestRedis redis;
  private static ExecutorService threads;
  private static JobStore store;

  @BeforeAll
  static void start() {
    redis = new TestRedis();
    threads = Executors.newFixedThreadPool(CALLERS);
    store = new CoalescingJobStore(redis.store(), 1 << 30, StoreObserver.NONE);
  }

  @AfterAll
  static void stop() {
    threads.shutdown();
    redis.close();
  }

  /** What each caller was told of each job; all ask for all jobs, one a call, at the same time. */
  private static <T> List<List<T>> ask(IntFunction<IntFunction<Uni<List<T>>>> callOfCaller)
      throws Exception {
    CountDownLatch ready = new CountDownLatch(CALLERS);
    List<Future<List<List<T>>>> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      IntFunction<Uni<List<T>>> call = callOfCaller.apply(i);
      callers.add(
          threads.submit(
              () -> {
                ready.countDown();
                ready.await();
                List<Uni<List<T>>> calls = IntStream.range(0, JOBS).mapToObj(call).toList();
                return Uni.join().all(calls).andFailFast().await().atMost(Duration.ofSeconds(60));
              }));
    }
    List<List<T>> told = new ArrayList<>();
    IntStream.range(0, JOBS).forEach(job -> told.add(new ArrayList<>()));
    for (Future<List<List<T>>> caller : callers) {
      List<List<T>> answers = caller.get();
      IntStream.range(0, JOBS).forEach(job -> told.get(job).add(answers.get(job).get(0)));
    }
    return told;
  }

  private static ScheduleItem item(int job, int payload) {
    NewJob request =
        NewJob.of(new JobId("job " + job), new Due.At(job + 1), new byte[] {(byte) payload});
    return new ScheduleItem(request, ConflictPolicy.REJECT);
  }

  private static List<LeaseRef> lease(Shard shard) {
    List<LeaseRef> leases = new ArrayList<>();
    Slots slots =
        TestSlots.of(
            List.of(new Slots.Holder(1, 1, 600_000)), Collections.nCopies(JobStore.MAX_BATCH, 0));
    while (leases.size() < JOBS) {
      for (Delivery each :
          store.claim(shard, slots).await().atMost(Duration.ofSeconds(60)).deliveries()) {
        leases.add(each.token().lease());
      }
    }
    return leases;
  }

  @Test
  void oneOfManyStoresTheJobAndTheOthersHearThatTheIdIsTaken() throws Exception {
    Shard shard = new Shard(new QueueName("many.schedule"), 0);

    var told = ask(caller -> job -> store.schedule(shard, List.of(item(job, caller))));

    assertThat(told)
        .allSatisfy(
            job ->
                assertThat(job)
                    .extracting(Scheduled::outcome)
                    .containsOnlyOnce(Scheduled.Outcome.CREATED)
                    .containsOnly(Scheduled.Outcome.CREATED, Scheduled.Outcome.ID_TAKEN));
  }

  @Test
  void oneOfManyCancels() throws Exception {
    Shard shard = new Shard(new QueueName("many.cancel"), 0);
    ask(caller -> job -> store.schedule(shard, List.of(item(job, 0))));

    var told =
        ask(
            caller ->
                job ->
                    store.cancel(shard, List.of(new CancelItem(item(job, 0).job().id(), false))));

    assertThat(told)
        .allSatisfy(
            job ->
                assertThat(job)
                    .extracting(Canceled::outcome)
                    .containsOnlyOnce(Canceled.Outcome.CANCELED)
                    .containsOnly(Canceled.Outcome.CANCELED, Canceled.Outcome.NOT_FOUND));
  }

  @Test
  void oneOfManyEndsALease() throws Exception {
    Shard shard = new Shard(new QueueName("many.ack"), 0);
    ask(caller -> job -> store.schedule(shard, List.of(item(job, 0))));
    List<LeaseRef> leases = lease(shard);

    var told =
        ask(
            caller ->
                job ->
                    caller % 2 == 0
                        ? store.ack(shard, List.of(leases.get(job)))
                        : store.release(
                            shard, List.of(Release.undelivered(leases.get(job))), false));

    assertThat(told).allSatisfy(job -> assertThat(job).containsOnlyOnce(true));
  }
}
