package dev.dueline.store.redis.topology;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.store.JobStore;
import dev.dueline.store.StoreObserver;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.ShardPlan;
import dev.dueline.store.redis.DeadJobs;
import dev.dueline.store.redis.RedisStore;
import dev.dueline.store.redis.ServerFacts;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;

/** A gateway, and the jobs of a queue of several shards behind it. */
final class TestJobs implements AutoCloseable {
  /** Of a gateway whose calls are to be answered: longer than a busy machine stands still. */
  static final Duration PATIENT = Duration.ofSeconds(30);

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int SHARDS = 8;
  private static final DeadJobs DEAD_JOBS = new DeadJobs(1_000, Duration.ofDays(1));

  private final Vertx vertx;
  private final RedisGateway gateway;
  private final RedisStore redis;
  private final JobStore store;

  TestJobs(Vertx vertx, RedisOptions options, Duration timeout, Replication replication) {
    this.vertx = vertx;
    this.gateway = RedisGateway.of(vertx, options, timeout);
    this.redis =
        new RedisStore(
            gateway,
            new ShardPlan(SHARDS, List.of()),
            replication,
            new RedisStore.Retention(DEAD_JOBS, Duration.ofMinutes(10)),
            () -> 0,
            StoreObserver.NONE);
    this.store = redis.jobs();
  }

  TestJobs(RedisOptions options, Duration timeout) {
    this(Vertx.vertx(), options, timeout, Replication.NONE);
  }

  /** Waits until it knows where things are: on a busy machine the first inquiry may be too slow. */
  static void awaitReady(RedisGateway gateway) {
    Awaitility.await("the gateway")
        .atMost(TIMEOUT)
        .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
        .until(() -> !await(gateway.groups()).isEmpty());
  }

  /** The same, for this one's gateway. */
  TestJobs ready() {
    awaitReady(gateway);
    return this;
  }

  /** Waits until Redis has answered it, and so told its clock. */
  void awaitAnswer(Shard shard) {
    Awaitility.await("an answer")
        .atMost(TIMEOUT)
        .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
        .until(() -> await(claim(shard, 0)).isEmpty());
  }

  RedisGateway gateway() {
    return gateway;
  }

  static List<Shard> shards(String queue) {
    return new QueueLayout(new QueueName(queue), SHARDS).shards();
  }

  Uni<List<Scheduled>> schedule(Shard shard, String id) {
    return schedule(shard, id, 0);
  }

  private Uni<List<Scheduled>> schedule(Shard shard, String id, long ttlMs) {
    NewJob job =
        new NewJob(
            new JobId(id), new Due.At(0), new byte[0], Collections.emptySortedMap(), null, ttlMs);
    return store.schedule(shard, List.of(new ScheduleItem(job, ConflictPolicy.REJECT)));
  }

  /** The primaries that say what memory they have. */
  List<String> primariesThatAnswer() {
    return await(redis.factsThatAreKnown()).stream().map(ServerFacts::primary).toList();
  }

  /** Has one more job stored. */
  void given(Shard shard, String id) {
    given(shard, id, 0);
  }

  private void given(Shard shard, String id, long ttlMs) {
    Scheduled.Outcome outcome = await(schedule(shard, id, ttlMs)).get(0).outcome();
    if (outcome != Scheduled.Outcome.CREATED) {
      throw new IllegalStateException("not created: " + outcome);
    }
  }

  /** Uses each of the shard's keys: a job leased, one dead, and one that has a ttl. */
  void givenAllKeys(Shard shard) {
    given(shard, "dead");
    Delivery dead = await(claim(shard, 1)).get(0);
    Release end = new Release(dead.token().lease(), new Release.Target.Dead(), true, "broken");
    await(store.release(shard, List.of(end), false));
    given(shard, "leased");
    await(claim(shard, 1));
    given(shard, "pending", Due.MAX_MS);
  }

  Uni<List<Delivery>> claim(Shard shard, int most) {
    List<Slots.Holder> holder = List.of(new Slots.Holder(7, 8, 60_000));
    return store
        .claim(shard, TestSlots.of(holder, Collections.nCopies(most, 0)))
        .map(claim -> claim.deliveries());
  }

  List<String> claimedIds(Shard shard) {
    return await(claim(shard, 100)).stream().map(each -> each.job().id().value()).toList();
  }

  static <T> T await(Uni<T> call) {
    return call.await().atMost(TIMEOUT);
  }

  @Override
  public void close() {
    gateway.close();
    vertx.closeAndAwait();
  }
}
