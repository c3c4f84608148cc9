package dev.dueline.system.chaos;

import dev.dueline.client.WatchListener;
import dev.dueline.client.WatchStream;
import dev.dueline.v1.DisconnectPolicy;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.WatchDueRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * A worker with one stream after another: does to jobs whatever a worker may do, ends its streams
 * by StopWatch or breaks them, and connects again when one has ended. One of {@link Client#STEADY}
 * breaks none.
 */
final class Worker {
  /** Of all workers the mean is half of it. */
  static final int MOST_OUTSTANDING = 40;

  private static final long LEASE_MS = 2_000;

  /** Longer than a busy machine stands still. */
  private static final long STEADY_LEASE_MS = 5_000;

  private static final int LEAST_STOP_MS = 1_000;
  private static final int MOST_STOP_MS = 6_000;
  private static final int MOST_ASKED = 4;
  private static final long ASK_AGAIN_MS = 200;

  /** After which a stream should have ended that is to end: a replica may stand still for 8 s. */
  private static final long GRACE_MS = 20_000;

  private final String name;
  private final String queue;
  private final Client client;
  private final Replicas replicas;
  private final History history;
  private final ScheduledExecutorService executor;
  private final RandomGenerator random;
  private final AtomicBoolean isStopped = new AtomicBoolean();
  private volatile boolean isGentle;
  private WatchStream current;
  private int streams;

  Worker(
      String name,
      String queue,
      Client client,
      Replicas replicas,
      History history,
      ScheduledExecutorService executor) {
    this.name = name;
    this.queue = queue;
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
            .addQueues(queue)
            .setWatcherId(watcher)
            .setMaxOutstandingJobs(most)
            .setLeaseDuration(Client.ms(leaseMs()))
            .setDisconnectPolicy(
                isReleasing
                    ? DisconnectPolicy.DISCONNECT_POLICY_RELEASE
                    : DisconnectPolicy.DISCONNECT_POLICY_KEEP_LEASE)
            .build();
    history.add(new History.Connected(watcher, most, isReleasing));
    Stream stream = new Stream(watcher);
    WatchStream opened = WatchStream.open(replicas.stream(random), request, stream);
    current = opened;
    if (!isGentle) {
      long lifeMs = 500 + random.nextInt(4_000);
      if (isSteady() || random.nextBoolean()) {
        long stopMs = LEAST_STOP_MS + random.nextInt(MOST_STOP_MS - LEAST_STOP_MS);
        later(lifeMs, () -> stream.stops(opened, stopMs, 1));
      } else {
        later(lifeMs, () -> stream.breaks(opened));
      }
    }
  }

  private boolean isSteady() {
    return queue.equals(Client.STEADY);
  }

  private long leaseMs() {
    return isSteady() ? STEADY_LEASE_MS : LEASE_MS;
  }

  /** From now on it acknowledges all it gets, and keeps its streams. */
  void becomeGentle() {
    isGentle = true;
  }

  /** Ends its stream, for good. */
  synchronized void stop() {
    isStopped.set(true);
    if (current != null) {
      current.close();
    }
  }

  private void work(DueJob job) {
    String token = job.getLeaseToken();
    int dice = isGentle ? 100 : random.nextInt(100);
    if (dice < 8) {
      later(0, () -> client.nack(token, random.nextBoolean(), random.nextInt(500)));
    } else if (dice < 14) {
      later(500, () -> client.extend(token, 2 * leaseMs()));
      later(3_000, () -> client.ack(token));
    } else if (dice < 20) {
      // Left alone: its lease runs out; the late Ack is a stale one.
      later(leaseMs() + random.nextInt(1_000), () -> client.ack(token));
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
  private final class Stream implements WatchListener {
    private final String watcher;
    private final long beganUs = Client.nowUs();
    private final AtomicBoolean isOver = new AtomicBoolean();

    Stream(String watcher) {
      this.watcher = watcher;
    }

    /** Breaks the stream from this side. */
    void breaks(WatchStream own) {
      if (!isGentle) {
        cut(own);
      }
    }

    private void cut(WatchStream own) {
      over(false);
      own.close();
    }

    /** Asks replicas to end the watch, until one does or has, and then reads on. */
    void stops(WatchStream own, long stopMs, int asked) {
      if (isOver.get() || (isGentle && asked == 1)) {
        return;
      }
      if (own.watchToken().isEmpty() || asked > MOST_ASKED) {
        cut(own);
        return;
      }
      client
          .stopWatch(watcher, own.watchToken(), stopMs)
          .thenAccept(
              outcome -> {
                switch (outcome) {
                  case STOP_WATCH_OUTCOME_STOPPING ->
                      later(stopMs + GRACE_MS, () -> mustBeOver(own));
                  case STOP_WATCH_OUTCOME_OVER -> later(GRACE_MS, () -> mustBeOver(own));
                  default -> later(ASK_AGAIN_MS, () -> stops(own, stopMs, asked + 1));
                }
              });
    }

    private void mustBeOver(WatchStream own) {
      if (!isOver.get()) {
        history.add(new History.Refused(watcher + " was stopped, and does not end"));
        cut(own);
      }
    }

    @Override
    public void stopped() {
      history.add(new History.Stopped(watcher, Client.nowUs()));
    }

    @Override
    public void draining(String reason) {
      history.add(new History.Drained(watcher, Client.nowUs()));
    }

    @Override
    public void due(List<DueJob> jobs) {
      for (DueJob job : jobs) {
        client.received(watcher, job);
        synchronized (Worker.this) {
          work(job);
        }
      }
    }

    @Override
    public void ended(Status status) {
      StatusRuntimeException failure = status.asRuntimeException();
      if (!status.isOk() && !client.isFull("WatchDue", beganUs, failure)) {
        client.unknown("WatchDue", failure);
      }
      over(status.isOk());
    }

    private void over(boolean isStopped) {
      if (isOver.compareAndSet(false, true)) {
        long nowUs = Client.nowUs();
        history.add(new History.Disconnected(watcher, nowUs));
        if (isSteady() && !isStopped) {
          // What was on its way to it is left to its lease.
          history.add(new History.Disturbed(nowUs, nowUs));
        }
        later(50, Worker.this::connect);
      }
    }
  }
}
