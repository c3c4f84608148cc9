package dev.dueline.grpc;

import dev.dueline.access.Principal;
import dev.dueline.delivery.context.DeliveryObserver;
import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.news.Holders;
import dev.dueline.delivery.time.EventLoop;
import dev.dueline.grpc.call.AccessControl;
import dev.dueline.grpc.call.Standstill;
import dev.dueline.grpc.call.StartGate;
import dev.dueline.grpc.call.UnknownMethods;
import dev.dueline.grpc.failure.FailureDetails;
import dev.dueline.grpc.message.RequestLimits;
import dev.dueline.grpc.queue.QueueService;
import dev.dueline.grpc.scheduler.SchedulerService;
import dev.dueline.grpc.worker.LeaseChecks;
import dev.dueline.grpc.worker.WatchCall;
import dev.dueline.job.QueueName;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.operation.NoReplicas;
import dev.dueline.operation.TestStore;
import dev.dueline.operation.job.JobOperations;
import dev.dueline.operation.job.Pull;
import dev.dueline.operation.queue.QueueOperations;
import dev.dueline.operation.queue.WatcherList;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.v1.QueueServiceGrpc;
import dev.dueline.v1.SchedulerServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The service over a store in memory, behind a real server and channel on loopback. */
public final class TestService implements AutoCloseable {
  public static final long REPLICA = 7;
  public static final InstantSource CLOCK =
      InstantSource.fixed(java.time.Instant.ofEpochMilli(TestStore.START_MS));

  public final TestStore store;

  /** Who watches. */
  public volatile WatcherList.Source watching = NoReplicas.NO_WATCHERS;

  public final TestWatch testWatch = new TestWatch();
  public final List<LeaseToken> told = new CopyOnWriteArrayList<>();
  public final ManagedChannel channel;
  private final Server server;

  public TestService() {
    this(TestLimits.DEFAULTS, 1, new ManualLoop());
  }

  public TestService(RequestLimits limits, int shardCount, EventLoop loop) {
    this(limits, shardCount, loop, null);
  }

  /** One that lets calls in as that does. */
  public TestService(AccessControl access) {
    this(access, opened());
  }

  /** One that is or is not ready for calls, and then lets them in as that does. */
  public TestService(AccessControl access, StartGate gate) {
    this(TestLimits.DEFAULTS, 1, new ThreadLoop(), null, access, gate);
  }

  public TestService(
      RequestLimits limits, int shardCount, EventLoop loop, Pull.@Nullable Source pull) {
    this(
        limits,
        shardCount,
        loop,
        pull,
        new AccessControl(anybody -> Optional.of(Principal.ANYBODY), new Standstill()),
        opened());
  }

  private static StartGate opened() {
    StartGate gate = new StartGate();
    gate.open();
    return gate;
  }

  private TestService(
      RequestLimits limits,
      int shardCount,
      EventLoop loop,
      Pull.@Nullable Source pull,
      AccessControl access,
      StartGate gate) {
    store = new TestStore(shardCount);
    SplittableRandom random = new SplittableRandom(1);
    Holders holders = new Holders(REPLICA, new NoReplicas());
    holders.listen(news -> told.addAll(NoReplicas.ended(news)));
    Leases leases = new Leases(store.jobs, holders, () -> random, DeliveryObserver.NONE);
    SchedulerService service =
        new SchedulerService(
            limits,
            JobOperations.of(
                store,
                store.jobs,
                leases,
                pull == null
                    ? (owner, queues, most, leaseMs, wait) -> claim(queues.get(0), most)
                    : pull),
            new WatchCall(new LeaseChecks(limits), testWatch, testWatch::stop, loop, CLOCK));
    QueueService queueService =
        new QueueService(
            limits,
            QueueOperations.of(
                store,
                store.operations,
                store.streams,
                (first, from, size) -> watching.page(first, from, size)),
            InstantSource.system());
    server = started(service, queueService, access, gate);
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
  }

  private static Server started(
      SchedulerService jobs, QueueService queues, AccessControl access, StartGate gate) {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try {
      return NettyServerBuilder.forAddress(anyPort)
          .directExecutor()
          .addService(jobs)
          .addService(queues)
          .fallbackHandlerRegistry(new UnknownMethods())
          .intercept(access)
          .intercept(gate)
          .intercept(new FailureDetails())
          .build()
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public SchedulerServiceGrpc.SchedulerServiceBlockingStub client() {
    return SchedulerServiceGrpc.newBlockingStub(channel);
  }

  public QueueServiceGrpc.QueueServiceBlockingStub queues() {
    return QueueServiceGrpc.newBlockingStub(channel);
  }

  /** Leases due jobs for 30 s, as a watcher would. */
  public Uni<List<Delivery>> claim(QueueName queue, int most) {
    Slots slots =
        TestSlots.of(List.of(new Slots.Holder(REPLICA, 1, 30_000)), Collections.nCopies(most, 0));
    return store
        .layout(queue)
        .chain(
            layout ->
                ShardCalls.perShard(
                    layout.shards(),
                    shard -> shard,
                    (shard, same) -> store.jobs.claim(shard, slots).map(List::of)))
        .map(claims -> claims.stream().map(Claim::deliveries).flatMap(List::stream).toList());
  }

  public List<Delivery> lease(String queue, int most) {
    return new ArrayList<>(claim(new QueueName(queue), most).await().indefinitely());
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }
}
