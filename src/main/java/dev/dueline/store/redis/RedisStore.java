package dev.dueline.store.redis;

import dev.dueline.store.Announcements;
import dev.dueline.store.JobStore;
import dev.dueline.store.StoreObserver;
import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.QueueTurns;
import dev.dueline.store.queue.RedisStreamStore;
import dev.dueline.store.queue.ShardPlan;
import dev.dueline.store.redis.directory.KnownRequests;
import dev.dueline.store.redis.directory.QueueIndex;
import dev.dueline.store.redis.directory.RedisQueueDirectory;
import dev.dueline.store.redis.directory.RedisQueueTurns;
import dev.dueline.store.redis.failure.RedisFailures;
import dev.dueline.store.redis.layout.RecordLayout;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.news.RedisAnnouncements;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.script.upkeep.CanaryCall;
import dev.dueline.store.redis.topology.RedisGateway;
import dev.dueline.store.redis.topology.Replication;
import dev.dueline.store.redis.topology.ShardGroup;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** The store's parts, on one Redis, or one cluster. */
public final class RedisStore implements AutoCloseable {
  /** The layout that this version reads and writes. */
  public static final String LAYOUT = Integer.toString(RecordLayout.NUMBER);

  /** The same, of a store whose clock is moved; every version that has no such clock refuses it. */
  public static final String TEST_CLOCK_LAYOUT = LAYOUT + "-test-clock";

  private final RedisGateway gateway;
  private final ScriptRunner scripts;
  private final RedisJobStore jobs;
  private final RedisQueueStore operations;
  private final QueueIndex index;
  private final RedisQueueDirectory queues;
  private final RedisStreams streams;
  private final RedisAnnouncements announcements;

  /**
   * What is kept of what is over.
   *
   * @param deadJobs how much of them
   * @param requestWindow for which requests are known by their ids
   */
  public record Retention(DeadJobs deadJobs, Duration requestWindow) {}

  /**
   * A store. Nothing is sent before it is used.
   *
   * @param plan how many shards a queue gets when it is created
   * @param replication who must have a job, a cancel or a move before it is answered
   * @param retention what is kept of what is over
   * @param movedMs by how much a test has moved the clock that all go by: 0 but in tests of users
   * @param observer hears of each script
   */
  public RedisStore(
      RedisGateway gateway,
      ShardPlan plan,
      Replication replication,
      Retention retention,
      LongSupplier movedMs,
      StoreObserver observer) {
    this.gateway = gateway;
    DeadJobs deadJobs = retention.deadJobs;
    ScriptRunner bare = new ScriptRunner(gateway, () -> 0, movedMs, observer);
    this.index = new QueueIndex(gateway, bare, QueueIndex.REST);
    this.queues = new RedisQueueDirectory(gateway, bare, index, plan, replication);
    this.scripts = bare.with(queues);
    RedisRuns runs = new RedisRuns(scripts, deadJobs);
    RedisExpiry expiry = new RedisExpiry(scripts, deadJobs, runs, observer);
    RedisSchedule schedule =
        new RedisSchedule(scripts, replication, retention.requestWindow, expiry);
    this.jobs = new RedisJobStore(scripts, replication, schedule, runs, expiry);
    this.operations = new RedisQueueStore(scripts, deadJobs, expiry, new KnownRequests(gateway));
    this.streams = new RedisStreams(gateway, scripts, replication, expiry);
    this.announcements = new RedisAnnouncements(gateway, scripts);
  }

  /** Keeps the jobs. */
  public JobStore jobs() {
    return jobs;
  }

  /** Runs the queues. */
  public QueueStore operations() {
    return operations;
  }

  /** Moves jobs to Redis Streams. */
  public RedisStreamStore streams() {
    return streams;
  }

  /** Knows the queues. */
  public QueueDirectory queues() {
    return queues;
  }

  /**
   * Deals the queues to the replicas that look after them.
   *
   * @param shardsPerSecond over all replicas, 1 or more
   */
  public QueueTurns turns(int shardsPerSecond) {
    return new RedisQueueTurns(index, scripts, shardsPerSecond);
  }

  /** Brings news. */
  public Announcements announcements() {
    return announcements;
  }

  /** Holds a part of what is remembered of queues against what Redis has, and corrects it. */
  public Uni<Void> compare() {
    return queues.compare();
  }

  /**
   * The layout of what is stored here.
   *
   * @param own what it is from now on, if nothing was said before
   */
  public Uni<String> layout(String own) {
    byte[] key = RedisKeys.bytes(RedisKeys.LAYOUT);
    Request get = Request.cmd(Command.GET).arg(RedisKeys.LAYOUT);
    Request claim = Request.cmd(Command.SETNX).arg(RedisKeys.LAYOUT).arg(own);
    return gateway
        .send(key, get)
        .onItem()
        .ifNull()
        .switchTo(() -> gateway.send(key, claim).chain(() -> gateway.send(key, get)))
        .map(Response::toString)
        .onFailure()
        .transform(failure -> RedisFailures.of(failure, RedisKeys.LAYOUT));
  }

  /**
   * Runs a script on each primary that may write but changes nothing.
   *
   * @param limit after which a primary that has not answered counts as failing
   */
  public Uni<List<GroupHealth>> health(Duration limit) {
    return eachGroup(
        group ->
            scripts
                .run(new CanaryCall(group.canary()))
                .map(
                    nowUs -> GroupHealth.healthy(group.primary(), gateway.refusal(group.primary())))
                .ifNoItem()
                .after(limit)
                .failWith(() -> new StoreUnavailableException("no answer", null))
                .onFailure()
                .recoverWithItem(failure -> GroupHealth.failing(group.primary(), failure)));
  }

  /** What each primary says of itself; fails if one does not. */
  public Uni<List<ServerFacts>> facts() {
    return eachGroup(this::facts);
  }

  /** What those primaries say of themselves that say anything. */
  public Uni<List<ServerFacts>> factsThatAreKnown() {
    return eachGroup(
            group -> facts(group).map(Optional::of).onFailure().recoverWithItem(Optional::empty))
        .map(all -> all.stream().flatMap(Optional::stream).toList());
  }

  private Uni<ServerFacts> facts(ShardGroup group) {
    return gateway
        .send(RedisKeys.bytes(group.canary().toString()), Request.cmd(Command.INFO))
        .map(info -> ServerFacts.of(group.primary(), info.toString()));
  }

  private <T> Uni<List<T>> eachGroup(Function<ShardGroup, Uni<T>> question) {
    return gateway
        .groups()
        .chain(groups -> Uni.join().all(groups.stream().map(question).toList()).andFailFast())
        .onFailure()
        .transform(RedisFailures::of);
  }

  /** Listens to nothing any longer, and ends all connections. */
  @Override
  public void close() {
    announcements.close();
    gateway.close();
  }
}
