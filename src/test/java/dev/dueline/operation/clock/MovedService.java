package dev.dueline.operation.clock;

import dev.dueline.delivery.Replica;
import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.context.DeliveryObserver;
import dev.dueline.delivery.lease.NackRule;
import dev.dueline.delivery.limit.WatchLimits;
import dev.dueline.delivery.time.MovableClock;
import dev.dueline.delivery.time.MovableLoop;
import dev.dueline.delivery.watch.WatchSpec;
import dev.dueline.grpc.ThreadLoop;
import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.operation.job.JobOperations;
import dev.dueline.operation.job.Schedule;
import dev.dueline.operation.queue.QueueOperations;
import dev.dueline.store.JobStore;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Deadline;
import dev.dueline.store.call.RequestId;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.redis.RedisStore;
import dev.dueline.store.redis.TestRedis;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A service by a clock that can be moved: all but the wire, on a Redis of its own. */
final class MovedService implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int SHARDS = 3;

  /** Real time for delivery at each event: far more than it takes. */
  static final Duration SETTLE = Duration.ofSeconds(30);

  final MovableClock clock;
  final TestRedis redis = new TestRedis();
  final Replica replica;
  final ClockOperations operations;
  final QueueOperations queues;
  private final ThreadLoop loop = new ThreadLoop();
  private final RedisStore store;
  private final JobOperations jobs;

  MovedService() {
    this(new MovableClock());
  }

  MovedService(MovableClock clock) {
    this.clock = clock;
    store = redis.replica(SHARDS, clock::movedMs);
    Replica.Ports ports =
        new Replica.Ports(
            store.jobs(),
            store.operations(),
            store.streams(),
            store.queues(),
            store.turns(100),
            store.announcements());
    replica =
        new Replica(
            ports,
            new Replica.Settings(Duration.ofSeconds(20), 100, Duration.ZERO, WatchLimits.NONE),
            new DeliveryContext(
                7, new MovableLoop(loop, clock), new SplittableRandom(1), DeliveryObserver.NONE));
    replica.begin();
    replica.redisStreams().begin();
    replica.housekeeping().begin();
    jobs =
        JobOperations.of(store.queues(), store.jobs(), replica.leases(), replica.watchers()::pull);
    queues =
        QueueOperations.of(
            store.queues(), store.operations(), store.streams(), replica.watchers().survey()::page);
    operations =
        new ClockOperations(
            clock,
            new ClockOperations.Stores(
                store.queues(), store.jobs(), store.operations(), store.streams()),
            replica.watchers(),
            replica.leases());
  }

  JobStore store() {
    return store.jobs();
  }

  static <T> T await(Uni<T> call) {
    return call.await().atMost(TIMEOUT);
  }

  Passage advance(Duration by) {
    return advance(by, SETTLE);
  }

  Passage advance(Duration by, Duration settle) {
    return await(operations.by(by, settle, Deadline.NEVER));
  }

  Passage advanceToNext() {
    return await(operations.toNext(SETTLE, Deadline.NEVER));
  }

  /** A job that is due in a while, and may be more. */
  static NewJob job(String id, Duration in) {
    return NewJob.of(new JobId(id), new Due.After(in.toMillis()), new byte[0]);
  }

  /** The same job with more to it. */
  static NewJob job(
      NewJob plain, @Nullable RetryPolicy retries, long ttlMs, @Nullable Recurrence recurrence) {
    return new NewJob(
        plain.id(),
        plain.due(),
        plain.payload(),
        new TreeMap<>(),
        retries,
        ttlMs,
        recurrence,
        null);
  }

  Scheduled schedule(String queue, NewJob job) {
    return schedule(queue, new ScheduleItem(job, ConflictPolicy.REJECT));
  }

  Scheduled schedule(String queue, NewJob job, UUID requestId) {
    return schedule(
        queue,
        new ScheduleItem(
            job, ConflictPolicy.REJECT, new RequestId(requestId.toString()), Deadline.NEVER));
  }

  private Scheduled schedule(String queue, ScheduleItem item) {
    return await(jobs.schedule().one(new Schedule.Item(new QueueName(queue), item)));
  }

  void cancel(String queue, String id) {
    await(
        store
            .queues()
            .with(
                new QueueName(queue),
                layout ->
                    store
                        .jobs()
                        .cancel(
                            layout.shardOf(new JobId(id)),
                            List.of(new CancelItem(new JobId(id), false)))));
  }

  /** Watches, with a lease of 30 s. */
  ScriptedWatcher watch(String queue, int maxOutstanding, boolean isAutoExtending) {
    ScriptedWatcher watcher = new ScriptedWatcher();
    WatchSpec spec =
        new WatchSpec(
            "w",
            0,
            List.of(new QueueName(queue)),
            maxOutstanding,
            30_000,
            isAutoExtending,
            false,
            false);
    watcher.connected(await(replica.watchers().watch(spec, watcher)));
    return watcher;
  }

  List<Delivery> pull(String queue, Duration wait) {
    return pull(queue, wait, Duration.ofSeconds(30));
  }

  List<Delivery> pull(String queue, Duration wait, Duration lease) {
    return await(
        replica.watchers().pull(0, List.of(new QueueName(queue)), 1, lease.toMillis(), wait));
  }

  boolean ack(LeaseToken token) {
    return await(replica.leases().ack(List.of(token))).get(0);
  }

  void nack(LeaseToken token) {
    await(replica.leases().nack(List.of(token), new NackRule(null, false, true, "no")));
  }

  @Override
  public void close() {
    operations.close();
    loop.close();
    store.close();
    redis.close();
  }
}
