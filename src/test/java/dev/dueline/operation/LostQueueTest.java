package dev.dueline.operation;

import static dev.dueline.operation.NoReplicas.NO_WATCHERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.delivery.context.DeliveryObserver;
import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.news.Holders;
import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.operation.job.Cancel;
import dev.dueline.operation.job.JobOperations;
import dev.dueline.operation.job.Schedule;
import dev.dueline.operation.queue.QueueOperations;
import dev.dueline.operation.queue.QueueRefusedException;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.call.ListQuery;
import dev.dueline.store.call.Rescheduled;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.Slots;
import dev.dueline.store.failure.StoreDataException;
import dev.dueline.store.redis.RedisStore;
import dev.dueline.store.redis.TestRedis;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Replicas that remember queues of which Redis lost a part, or all, agree on what holds then: one
 * gives new queues a shard, another four.
 */
final class LostQueueTest {
  private static final QueueName MAIL = new QueueName("mail");
  private static final int JOBS = 40;

  private static TestRedis redis;
  private Replica one;
  private Replica four;

  @BeforeAll
  static void start() {
    redis = new TestRedis();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void empty() {
    redis.send(Command.FLUSHALL);
    one = new Replica(redis.replica(1));
    four = new Replica(redis.replica(4));
  }

  /** What a replica answers by. */
  private static final class Replica {
    private final RedisStore store;
    private final JobOperations jobs;
    private final QueueOperations queues;

    Replica(RedisStore store) {
      this.store = store;
      SplittableRandom random = new SplittableRandom(1);
      Leases leases =
          new Leases(
              store.jobs(), new Holders(7, new NoReplicas()), () -> random, DeliveryObserver.NONE);
      jobs =
          JobOperations.of(
              store.queues(),
              store.jobs(),
              leases,
              (owner, queues, most, leaseMs, waitTime) -> Uni.createFrom().item(List.of()));
      queues = QueueOperations.of(store.queues(), store.operations(), store.streams(), NO_WATCHERS);
    }

    private static Schedule.Item item(String id) {
      NewJob job = NewJob.of(new JobId(id), new Due.After(3_600_000), new byte[0]);
      return new Schedule.Item(MAIL, new ScheduleItem(job, ConflictPolicy.REJECT));
    }

    Scheduled schedule(String id) {
      return await(jobs.schedule().one(item(id)));
    }

    void scheduleAll() {
      assertThat(ids())
          .allSatisfy(
              id ->
                  assertThat(schedule(id).outcome())
                      .isIn(Scheduled.Outcome.CREATED, Scheduled.Outcome.UNCHANGED));
    }

    Canceled.Outcome cancel(String id) {
      return await(
              jobs.cancel()
                  .each(List.of(new Cancel.Item(MAIL, new CancelItem(new JobId(id), true)))))
          .get(0);
    }

    boolean has(String id) {
      return await(jobs.jobs().find(MAIL, new JobId(id))).isPresent();
    }

    int shards() {
      return await(queues.queues().find(MAIL)).layout().shardCount();
    }
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  private static List<String> ids() {
    return IntStream.range(0, JOBS).mapToObj(i -> "job-" + i).toList();
  }

  /** What one says, the other says, whoever was there first. */
  private void bothAgreeOnAllJobs(int shards) {
    assertThat(List.of(one.shards(), four.shards())).containsExactly(shards, shards);
    for (String id : ids()) {
      assertThat(List.of(one.has(id), four.has(id))).as(id).containsExactly(true, true);
    }
    for (String id : ids()) {
      Replica first = id.hashCode() % 2 == 0 ? one : four;
      Replica second = first == one ? four : one;
      assertThat(first.cancel(id)).as(id).isEqualTo(Canceled.Outcome.CANCELED);
      assertThat(second.cancel(id)).as(id).isEqualTo(Canceled.Outcome.NOT_FOUND);
    }
    assertThat(await(one.store.queues().names("", "", 0, 10))).containsExactly(MAIL);
  }

  @Test
  void aReplicaThatKnowsTheQueueRegistersItAgainAfterAFlush() {
    one.schedule("before");
    redis.send(Command.FLUSHALL);
    one.scheduleAll();
    bothAgreeOnAllJobs(1);
  }

  @Test
  void theLayoutOfWhoeverComesFirstAfterAFlushHoldsForAll() {
    one.scheduleAll();
    assertThat(four.shards()).isEqualTo(1);
    redis.send(Command.FLUSHALL);
    Replica fresh = new Replica(redis.replica(4));
    fresh.schedule("job-0");
    one.scheduleAll();
    bothAgreeOnAllJobs(4);
  }

  @Test
  void aBatchIsStoredByTheLayoutThatHoldsByNow() {
    one.scheduleAll();
    redis.send(Command.FLUSHALL);
    four.schedule("job-0");
    List<Schedule.Item> batch = ids().stream().map(Replica::item).toList();
    assertThat(await(one.jobs.schedule().each(batch)))
        .hasSize(JOBS)
        .allMatch(Schedule.Result.Decided.class::isInstance);
    bothAgreeOnAllJobs(4);
  }

  @Test
  void nothingIsLeftOfAQueueAfterAFlushWhoeverIsAsked() {
    one.scheduleAll();
    assertThat(four.has("job-0")).isTrue();
    redis.send(Command.FLUSHALL);
    JobId id = new JobId("job-0");
    ListQuery all = new ListQuery(JobState.PENDING, 0, Long.MAX_VALUE, null, 10, false);
    for (Replica each : List.of(one, four, new Replica(redis.replica(2)))) {
      assertThat(each.cancel("job-0")).isEqualTo(Canceled.Outcome.NOT_FOUND);
      assertThat(each.has("job-0")).isFalse();
      assertThat(await(each.jobs.schedule().move(MAIL, id, new Due.After(0))).outcome())
          .isEqualTo(Rescheduled.Outcome.NOT_FOUND);
      assertThat(await(each.jobs.jobs().list("me", MAIL, all)).jobs()).isEmpty();
      assertThatThrownBy(each::shards).isInstanceOf(QueueRefusedException.class);
      assertThatThrownBy(() -> await(each.queues.control().pause(MAIL, true)))
          .isInstanceOf(QueueRefusedException.class);
      assertThat(await(each.store.queues().names("", "", 0, 10))).isEmpty();
    }
    assertThat(redis.send(Command.DBSIZE).toInteger()).isZero();
  }

  @Test
  void aQueueWhoseEntryIsLostIsFoundByWhatItsFirstShardSays() {
    one.scheduleAll();
    redis.send(Command.DEL, "dueline:queues", "dueline:{dueline:queues}:names");
    bothAgreeOnAllJobs(1);
  }

  @Test
  void aShardThatSaysNothingGoesByTheRegistry() {
    four.scheduleAll();
    for (int i = 0; i < 4; i++) {
      redis.send(Command.HDEL, "dueline:{mail/" + i + "}:meta", "shards");
    }
    one.scheduleAll();
    bothAgreeOnAllJobs(4);
  }

  @Test
  void aShardThatLostAllIsUsedAgain() {
    four.scheduleAll();
    for (String key : List.of("pending", "jobs", "deliveries", "leases", "dead", "meta")) {
      redis.send(Command.DEL, "dueline:{mail/2}:" + key);
    }
    one.scheduleAll();
    bothAgreeOnAllJobs(4);
  }

  @Test
  void whereTheRegistryAndTheFirstShardDifferTheShardDecides() {
    one.scheduleAll();
    redis.send(Command.HSET, "dueline:queues", "mail", "shards=4");
    Replica fresh = new Replica(redis.replica(3));
    assertThat(fresh.cancel("job-0")).isEqualTo(Canceled.Outcome.CANCELED);
    one.schedule("job-0");
    bothAgreeOnAllJobs(1);
    assertThat(redis.send(Command.HGET, "dueline:queues", "mail").toString()).isEqualTo("shards=1");
  }

  @Test
  void aQueueOfAnEarlierVersionIsUsedAsItIs() {
    redis.send(Command.HSET, "dueline:queues", "mail", "shards=3");
    await(one.queues.control().pause(MAIL, true));
    assertThat(await(four.queues.queues().find(MAIL)).isPaused()).isTrue();
    one.scheduleAll();
    bothAgreeOnAllJobs(3);
  }

  @Test
  void limitsAreSetForTheShardsThatThereAre() {
    one.schedule("job-0");
    redis.send(Command.FLUSHALL);
    four.scheduleAll();
    await(one.queues.control().limit(MAIL, QueueLimits.Change.to(new QueueLimits(0, 8, 0))));
    assertThat(await(four.queues.queues().find(MAIL)).shards())
        .allSatisfy(shard -> assertThat(shard.limits().maxOutstanding()).isEqualTo(8));
  }

  @Test
  void whatIsRememberedIsComparedWithTheRegistry() {
    one.scheduleAll();
    redis.send(Command.DEL, "dueline:queues", "dueline:{dueline:queues}:names");
    await(one.store.compare());
    assertThat(redis.send(Command.HGET, "dueline:queues", "mail").toString()).isEqualTo("shards=1");
    assertThat(await(four.store.queues().names("", "", 0, 10))).containsExactly(MAIL);

    redis.send(Command.FLUSHALL);
    await(one.store.compare());
    assertThat(await(one.store.queues().find(MAIL))).isEmpty();
    assertThat(redis.send(Command.DBSIZE).toInteger()).isZero();
  }

  @Test
  void anEntryThatThisVersionCannotReadIsSaidToBeThat() {
    redis.send(Command.HSET, "dueline:queues", "mail", "shards=4 color=red");
    assertThatThrownBy(() -> one.schedule("job-0"))
        .isInstanceOfSatisfying(
            StoreDataException.class,
            failure -> {
              assertThat(failure.queue()).contains(MAIL);
              assertThat(failure.key()).isEqualTo("dueline:queues");
            });
    assertThat(redis.send(Command.HGET, "dueline:queues", "mail").toString())
        .isEqualTo("shards=4 color=red");
  }

  @Test
  void aWatchedQueueComesToBeAgainWithItsNextJob() {
    Shard shard = await(one.store.queues().layout(MAIL)).shards().get(0);
    redis.send(Command.FLUSHALL);
    assertThat(await(one.store.jobs().claim(shard, Slots.NONE)).nextDueMs()).isEqualTo(Claim.NONE);
    assertThat(redis.send(Command.DBSIZE).toInteger()).isZero();
    one.schedule("job-0");
    assertThat(await(one.store.jobs().claim(shard, Slots.NONE)).nextDueMs())
        .isNotEqualTo(Claim.NONE);
  }
}
