package dev.dueline.store.redis;

import dev.dueline.job.Shard;
import dev.dueline.store.JobStore;
import dev.dueline.store.ModelRedisStream;
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
import dev.dueline.store.redis.layout.IdCodec;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.script.ScriptCall;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.topology.RedisGateway;
import dev.dueline.store.redis.topology.Replication;
import dev.dueline.system.process.RedisServer;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.RedisConnection;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;

/** A real Redis of a test's own, the store on it, and the clock of its scripts. */
public final class TestRedis implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Duration FOREVER = Duration.ofDays(36_500);
  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final byte[] ANY_KEY = {};

  private final RedisServer process = RedisServer.inMemory();
  private final Vertx vertx = withoutPeriodicChecks();
  private final List<Vertx> others = new ArrayList<>();
  private final RedisGateway gateway;
  private final ScriptRunner scripts;
  private final RedisQueueDirectory queues;
  private final JobStore store;
  private final QueueStore operations;
  private final RedisStreamStore streams;
  private volatile LongSupplier clockOffsetMs = () -> 0;

  /** Starts a server. */
  public TestRedis() {
    this(Integer.MAX_VALUE, WINDOW);
  }

  /**
   * Starts a server.
   *
   * @param mostDead jobs that its store keeps of each shard
   * @param requestWindow for which its store knows requests by their ids
   */
  public TestRedis(int mostDead, Duration requestWindow) {
    this(new DeadJobs(mostDead, FOREVER), requestWindow);
  }

  TestRedis(DeadJobs deadJobs, Duration requestWindow) {
    String address = "redis://127.0.0.1:" + process.port();
    gateway = RedisGateway.of(vertx, new RedisOptions().setConnectionString(address), TIMEOUT);
    scripts =
        new ScriptRunner(gateway, () -> clockOffsetMs.getAsLong(), () -> 0, StoreObserver.NONE);
    QueueIndex index = new QueueIndex(gateway, scripts, QueueIndex.REST);
    ShardPlan plan = new ShardPlan(1, List.of());
    queues = new RedisQueueDirectory(gateway, scripts, index, plan, Replication.NONE);
    ScriptRunner comparing = scripts.with(queues);
    RedisRuns runs = new RedisRuns(comparing, deadJobs);
    RedisExpiry expiry = new RedisExpiry(comparing, deadJobs, runs, StoreObserver.NONE);
    RedisSchedule schedule = new RedisSchedule(comparing, Replication.NONE, requestWindow, expiry);
    store = new RedisJobStore(comparing, Replication.NONE, schedule, runs, expiry);
    operations = new RedisQueueStore(comparing, deadJobs, expiry, new KnownRequests(gateway));
    streams = new RedisStreams(gateway, comparing, Replication.NONE, expiry);
    // One call before all others: Mutiny sets itself up, which it cannot in many threads at once.
    send(Command.PING);
  }

  /**
   * Where nothing is done on a timer: a gateway gives no connection up because the machine, or who
   * reads from it, stood still for a while, and what it learns, it learns from the replies.
   */
  public static Vertx withoutPeriodicChecks() {
    return new Vertx(io.vertx.core.Vertx.vertx()) {
      @Override
      public long setPeriodic(long delayMs, Consumer<Long> handler) {
        return -1;
      }
    };
  }

  /** Where it is, for a client of the test's own. */
  public String address() {
    return "redis://127.0.0.1:" + process.port();
  }

  /** The store in this Redis. */
  public JobStore store() {
    return store;
  }

  /** Running queues in this Redis. */
  public QueueStore operations() {
    return operations;
  }

  /** The queues of the store, which get a shard each. */
  public RedisQueueDirectory queues() {
    return queues;
  }

  /** Streams in this Redis. */
  public RedisStreamStore streams() {
    return streams;
  }

  /** The queues in this Redis; passes through them are no closer to each other than that. */
  QueueDirectory directory(Duration rest) {
    QueueIndex index = new QueueIndex(gateway, scripts, rest);
    return new RedisQueueDirectory(
        gateway, scripts, index, new ShardPlan(2, List.of()), Replication.NONE);
  }

  /**
   * A store of its own on this Redis, as a replica has one, whose new queues get so many shards.
   */
  public RedisStore replica(int shards) {
    return replica(shards, () -> 0);
  }

  /** The same, by a clock that a test moves. */
  public RedisStore replica(int shards, LongSupplier movedMs) {
    return new RedisStore(
        gateway,
        new ShardPlan(shards, List.of()),
        Replication.NONE,
        new RedisStore.Retention(new DeadJobs(Integer.MAX_VALUE, FOREVER), WINDOW),
        movedMs,
        StoreObserver.NONE);
  }

  /**
   * The same with an event loop of its own, so that its observer, which hears of each script once
   * it is answered, can wait for what others do meanwhile.
   */
  public RedisStore replica(int shards, StoreObserver observer) {
    Vertx own = withoutPeriodicChecks();
    others.add(own);
    String address = "redis://127.0.0.1:" + process.port();
    return new RedisStore(
        RedisGateway.of(own, new RedisOptions().setConnectionString(address), TIMEOUT),
        new ShardPlan(shards, List.of()),
        Replication.NONE,
        new RedisStore.Retention(new DeadJobs(Integer.MAX_VALUE, FOREVER), WINDOW),
        () -> 0,
        observer);
  }

  /** The names of the queues in this Redis, which nobody has read yet; with a log of its own. */
  QueueIndex index() {
    ScriptRunner own = new ScriptRunner(gateway, () -> 0, () -> 0, StoreObserver.NONE);
    return new QueueIndex(gateway, own, QueueIndex.REST);
  }

  /** Deals the queues in this Redis, as one replica of several has it. */
  QueueTurns turns(int shardsPerSecond) {
    return new RedisQueueTurns(
        new QueueIndex(gateway, scripts, QueueIndex.REST), scripts, shardsPerSecond);
  }

  /** What the stream of a shard holds, in the words of the model. */
  public List<String> entries(Shard shard) {
    List<String> entries = new ArrayList<>();
    for (Response entry : send(Command.XRANGE, RedisKeys.stream(shard), "-", "+")) {
      Map<String, Response> fields = new TreeMap<>();
      for (int i = 0; i < entry.get(1).size(); i += 2) {
        fields.put(entry.get(1).get(i).toString(), entry.get(1).get(i + 1));
      }
      entries.add(
          ModelRedisStream.entry(
              Objects.requireNonNull(fields.remove("id")).toString(),
              Objects.requireNonNull(fields.remove("due_ms")).toLong(),
              Objects.requireNonNull(fields.remove("attempt")).toInteger(),
              Objects.requireNonNull(fields.remove("payload")).toBytes().length,
              fields.toString().replace("attribute:", "")));
    }
    return entries;
  }

  /** What the scripts add to Redis's clock from now on, ms; asked before each call. */
  public void setClockOffset(LongSupplier offsetMs) {
    clockOffsetMs = offsetMs;
  }

  /** Sends a command of the test's own; texts and byte arrays go as they are. */
  public Response send(Command command, Object... arguments) {
    Request request = Request.cmd(command);
    for (Object argument : arguments) {
      request.arg(
          argument instanceof byte[] bytes
              ? Buffer.buffer(bytes)
              : Buffer.buffer(argument.toString()));
    }
    return gateway.send(ANY_KEY, request).await().atMost(TIMEOUT);
  }

  /** Runs one of the store's scripts and no more. */
  <R> R run(ScriptCall<R> call) {
    return scripts.run(call).await().atMost(TIMEOUT);
  }

  /** Runs a script of the test's own on the keys of a shard. */
  public Response eval(String script, Shard shard, Object... arguments) {
    List<Object> all = new ArrayList<>(List.of(script, keys(shard).size()));
    all.addAll(keys(shard));
    all.addAll(List.of(arguments));
    return send(Command.EVAL, all.toArray());
  }

  /** The keys of a shard: pending, jobs, deliveries, leases, dead, meta. */
  public static List<byte[]> keys(Shard shard) {
    return RedisKeys.of(shard).toList();
  }

  /** The id that stands in a key. */
  public static String jobId(Response packed) {
    return IdCodec.unpack(packed.toBuffer().getDelegate().getBytes()).value();
  }

  /** Where new heads of a shard are announced. */
  public static String headChannel(Shard shard) {
    return RedisKeys.headChannel(shard);
  }

  /** A connection that the store does not use; an attempt that takes too long is made again. */
  public RedisConnection connect() {
    return Awaitility.await("a connection")
        .atMost(TIMEOUT)
        .pollDelay(Duration.ZERO)
        .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
        .until(() -> gateway.listen().await().atMost(TIMEOUT), Objects::nonNull)
        .connection();
  }

  @Override
  public void close() {
    process.close();
    vertx.closeAndAwait();
    others.forEach(Vertx::closeAndAwait);
  }
}
