package dev.dueline.delivery.sim;

import dev.dueline.delivery.Replica;
import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.context.RedisStreamState;
import dev.dueline.delivery.limit.WatchLimits;
import dev.dueline.delivery.news.Holders;
import dev.dueline.delivery.watch.WatchSpec;
import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobView;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.InMemoryJobStore;
import dev.dueline.store.JobStore;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.news.LeaseEnd;
import dev.dueline.store.queue.Deletion;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.QueueTurns.Turn;
import dev.dueline.store.queue.RedisStreamStore;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;

/** Replicas, a network and a store in virtual time; the same seed gives the same run. */
public final class Simulation implements QueueDirectory {
  /** When the simulated store's clock begins, ms. */
  public static final long BEGIN_MS = 1_700_000_000_000L;

  /** Calls a second of each replica for queues where nothing happens. */
  public static final int IDLE_CALLS = 100;

  private final SplittableRandom random;
  private final int shards;
  private final SimulatedLoop loop = new SimulatedLoop();
  private final SimulatedNetwork network = new SimulatedNetwork(loop, this::storeNowUs);
  private final InMemoryJobStore store = new InMemoryJobStore(this::storeNowUs, network::announce);
  private double storeSpeed = 1;
  private Duration clockStep = Duration.ZERO;
  private final SimulatedObserver observer = new SimulatedObserver();
  private long lastReplica;
  private Turn turn = new Turn(List.of(), Duration.ofHours(1));

  public Simulation(long seed, int shards) {
    this.random = new SplittableRandom(seed);
    this.shards = shards;
    Holders holders = new Holders(0, network);
    store.onRanOut(leases -> holders.ended(leases, LeaseEnd.EXPIRED));
  }

  public SimulatedNetwork network() {
    return network;
  }

  public int backstopFinds() {
    return observer.backstopFinds();
  }

  /** How many loops said last that the store fails for their shard. */
  public int failing() {
    return observer.failing();
  }

  /** Lets the store's clock run faster or slower than that of the replicas. */
  public void storeSpeed(double speed) {
    storeSpeed = speed;
  }

  /** Sets the store's clock forward, or back. */
  public void stepClock(Duration by) {
    clockStep = clockStep.plus(by);
  }

  /** Steps of the store's clock that replicas noticed. */
  public List<Duration> noticedSteps() {
    return observer.noticedSteps();
  }

  /** What a replica said last of the Redis Stream of each shard. */
  public Map<Shard, RedisStreamState> redisStreamStates() {
    return observer.redisStreamStates();
  }

  public void pass(Duration time) {
    loop.pass(time);
  }

  public void passMs(long ms) {
    pass(Duration.ofMillis(ms));
  }

  public long nowMs() {
    return storeNowUs() / 1_000;
  }

  /** Something happens at a later time. */
  public void at(Duration delay, Runnable event) {
    loop.schedule(delay, event);
  }

  /** A replica that nobody is connected to. */
  public Replica replica() {
    return replica(WatchLimits.NONE);
  }

  /** The same, with limits for watches. */
  public Replica replica(WatchLimits watches) {
    InMemoryJobStore client = store.client(network::roundTrip);
    Replica.Ports ports =
        new Replica.Ports(
            network.over(JobStore.class, client),
            network.over(QueueStore.class, client),
            network.over(RedisStreamStore.class, client.streams()),
            this,
            () -> Uni.createFrom().item(turn),
            network);
    DeliveryContext context = new DeliveryContext(++lastReplica, loop, random.split(), observer);
    Replica.Settings settings =
        new Replica.Settings(Duration.ofSeconds(2), IDLE_CALLS, Duration.ZERO, watches);
    Replica replica = new Replica(ports, settings, context);
    replica.begin();
    return replica;
  }

  /** What whoever looks after queues is dealt from now on. */
  public void deal(Turn next) {
    turn = next;
  }

  /** A replica that feeds Redis Streams, and nobody is connected to. */
  public Replica feedingReplica() {
    Replica replica = replica();
    replica.redisStreams().begin();
    return replica;
  }

  /** What a watcher usually wants. */
  public static WatchSpec spec(int maxOutstanding, String... queues) {
    List<QueueName> names = List.of(queues).stream().map(QueueName::new).toList();
    return new WatchSpec("w", 0, names, maxOutstanding, 30_000, false, false, false);
  }

  /** Connects a watcher, and lets the first claims come back. */
  public SimulatedWatcher watch(Replica replica, WatchSpec spec) {
    SimulatedWatcher watcher = new SimulatedWatcher();
    replica
        .watchers()
        .watch(spec, watcher)
        .subscribe()
        .with(watcher::connected, watcher::notConnected);
    passMs(6);
    return watcher;
  }

  /** Stores a job at once, with no network between. */
  public void schedule(String queue, String id, Due due) {
    JobId jobId = new JobId(id);
    NewJob job = NewJob.of(jobId, due, new byte[10]);
    store
        .schedule(shardOf(queue, jobId), List.of(new ScheduleItem(job, ConflictPolicy.REJECT)))
        .await()
        .indefinitely();
  }

  public void scheduleIn(String queue, String id, long delayMs) {
    schedule(queue, id, new Due.At(nowMs() + delayMs));
  }

  /** Reads a job at once. */
  public Optional<JobView> job(String queue, String id) {
    JobId jobId = new JobId(id);
    return store.read(shardOf(queue, jobId), jobId).await().indefinitely();
  }

  /** The store itself, with no network between. */
  public JobStore store() {
    return store;
  }

  /** Running queues, with no network between. */
  public QueueStore operations() {
    return store;
  }

  /** RedisStreamQueues, with no network between. */
  public RedisStreamStore streams() {
    return store.streams();
  }

  /** How many entries the Redis Streams of a queue have. */
  public int entries(String queue) {
    return shards(queue).stream().mapToInt(shard -> store.entries(shard).size()).sum();
  }

  /** Consumers finish all that the Redis Streams of a queue hold. */
  public void consume(String queue) {
    shards(queue).forEach(store::consume);
  }

  /** All shards of a queue. */
  public List<Shard> shards(String queue) {
    return new QueueLayout(new QueueName(queue), shards).shards();
  }

  /** What a Uni gives within a time. */
  public <T> T await(Uni<T> uni, Duration within) {
    AtomicReference<Optional<T>> result = new AtomicReference<>(Optional.empty());
    List<Throwable> failures = new ArrayList<>();
    uni.subscribe().with(item -> result.set(Optional.ofNullable(item)), failures::add);
    pass(within);
    if (!failures.isEmpty()) {
      throw new IllegalStateException(failures.get(0));
    }
    return result.get().orElseThrow();
  }

  public Shard shardOf(String queue, JobId id) {
    return new QueueLayout(new QueueName(queue), shards).shardOf(id);
  }

  @Override
  public Uni<QueueLayout> layout(QueueName queue) {
    return Uni.createFrom().item(new QueueLayout(queue, shards));
  }

  @Override
  public Uni<Optional<QueueLayout>> find(QueueName queue) {
    return layout(queue).map(Optional::of);
  }

  @Override
  public Uni<QueueLayout> expected(QueueName queue) {
    return layout(queue);
  }

  @Override
  public Uni<Deletion> delete(QueueLayout layout, boolean isForced) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Uni<Boolean> deleteIdle(QueueLayout layout, Duration atLeast) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Uni<Found> layouts(List<QueueName> queues) {
    List<QueueLayout> layouts = queues.stream().map(each -> new QueueLayout(each, shards)).toList();
    return Uni.createFrom().item(new Found(layouts, Map.of()));
  }

  @Override
  public Uni<List<QueueName>> names(String prefix, String after, int skip, int most) {
    throw new UnsupportedOperationException();
  }

  private long storeNowUs() {
    return BEGIN_MS * 1_000
        + clockStep.toMillis() * 1_000
        + Math.round(loop.nanoTime() / 1_000.0 * storeSpeed);
  }
}
