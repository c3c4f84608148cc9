package dev.dueline.system.chaos;

import dev.dueline.v1.DisconnectPolicy;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * A worker with one stream after another: does to jobs whatever a worker may do, breaks its own
 * streams, and connects again when one breaks.
 */
final class Worker {
  /** Of all workers the mean is half of it. */
  static final int MOST_OUTSTANDING = 40;

  private static final long LEASE_MS = 2_000;

  private final String name;
  private final Client client;
  private final Replicas replicas;
  private final History history;
  private final ScheduledExecutorService executor;
  private final RandomGenerator random;
  private final AtomicBoolean isStopped = new AtomicBoolean();
  private volatile boolean isGentle;
  private Context.CancellableContext context = Context.ROOT.withCancellation();
  private int streams;

  Worker(
      String name,
      Client client,
      Replicas replicas,
      History history,
      ScheduledExecutorService executor) {
    this.name = name;
    this.client = client;
    this.replicas = replicas;
    this.history = history;
    this.executor = executor;
    this.random = client.random();
  }

  /** Connects, and again whenever the stream has ended. */
  synchronized void connect() {
    if (isStopped.get()) {
      return;
    }
    boolean isReleasing = random.nextBoolean();
    int most = 1 + random.nextInt(MOST_OUTSTANDING);
    String watcher = name + "." + ++streams;
    WatchDueRequest request =
        WatchDueRequest.newBuilder()
            .addQueues(Client.QUEUE)
            .setWatcherId(watcher)
            .setMaxOutstandingJobs(most)
            .setLeaseDuration(Client.ms(LEASE_MS))
            .setDisconnectPolicy(
                isReleasing
                    ? DisconnectPolicy.DISCONNECT_POLICY_RELEASE
                    : DisconnectPolicy.DISCONNECT_POLICY_KEEP_LEASE)
            .build();
    history.add(new History.Connected(watcher, most, isReleasing));
    context = Context.ROOT.withCancellation();
    Context.CancellableContext own = context;
    Stream stream = new Stream(watcher);
    own.run(() -> replicas.stream(random).watchDue(request, stream));
    if (!isGentle) {
      long lifeMs = 500 + random.nextInt(4_000);
      executor.schedule(() -> stream.broken(own), lifeMs, TimeUnit.MILLISECONDS);
    }
  }

  /** From now on it acknowledges all it gets, and keeps its streams. */
  void becomeGentle() {
    isGentle = true;
  }

  /** Ends its stream, for good. */
  synchronized void stop() {
    isStopped.set(true);
    context.cancel(null);
  }

  private void work(DueJob job) {
    String token = job.getLeaseToken();
    int dice = isGentle ? 100 : random.nextInt(100);
    if (dice < 8) {
      later(0, () -> client.nack(token, random.nextBoolean(), random.nextInt(500)));
    } else if (dice < 14) {
      later(500, () -> client.extend(token, 2 * LEASE_MS));
      later(3_000, () -> client.ack(token));
    } else if (dice < 20) {
      // Left alone: its lease runs out; the late Ack is a stale one.
      later(LEASE_MS + random.nextInt(1_000), () -> client.ack(token));
    } else if (dice < 60) {
      later(random.nextInt(300), () -> client.ack(token));
    } else {
      later(0, () -> client.ack(token));
    }
  }

  private void later(long ms, Runnable task) {
    executor.schedule(task, ms, TimeUnit.MILLISECONDS);
  }

  /** One stream, until it ends in whatever way. */
  private final class Stream implements StreamObserver<WatchDueResponse> {
    private final String watcher;
    private final long beganUs = Client.nowUs();
    private final AtomicBoolean isOver = new AtomicBoolean();

    Stream(String watcher) {
      this.watcher = watcher;
    }

    void broken(Context.CancellableContext own) {
      if (!isGentle) {
        ended();
        own.cancel(null);
      }
    }

    @Override
    public void onNext(WatchDueResponse event) {
      if (event.hasDraining()) {
        history.add(new History.Drained(watcher, Client.nowUs()));
      }
      for (DueJob job : event.getDueJobs().getJobsList()) {
        client.received(watcher, job);
        synchronized (Worker.this) {
          work(job);
        }
      }
    }

    @Override
    public void onError(Throwable failure) {
      if (!client.isFull("WatchDue", beganUs, failure)) {
        client.unknown("WatchDue", failure);
      }
      ended();
    }

    @Override
    public void onCompleted() {
      ended();
    }

    private void ended() {
      if (isOver.compareAndSet(false, true)) {
        history.add(new History.Disconnected(watcher, Client.nowUs()));
        later(50, Worker.this::connect);
      }
    }
  }
}
