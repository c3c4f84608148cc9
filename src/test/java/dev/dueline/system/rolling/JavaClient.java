package dev.dueline.system.rolling;

import com.google.protobuf.util.Durations;
import dev.dueline.client.Backoff;
import dev.dueline.client.Connection;
import dev.dueline.client.Watch;
import dev.dueline.client.WatchHandler;
import dev.dueline.system.process.RepeatedCalls;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.PullDueResponse;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceStub;
import dev.dueline.v1.WatchDueRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Schedules, watches and pulls through one channel to all replicas. It repeats no call by itself:
 * that is the channel's retry policy, which is too short only where a machine stands still; its
 * watch moves its stream when it is asked to.
 */
final class JavaClient implements WatchHandler, AutoCloseable {
  static final String NAME = "java";

  private static final int MOST_DELAY_MS = 2_000;
  private static final int MOST_WORK_MS = 100;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final Connection connection;
  private final Watch watch;
  private final String queue;
  private final Seen seen;
  private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(2);
  private final AtomicInteger jobs = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final ScheduledFuture<?> pace;
  private volatile boolean isEnding;

  /** Begins. */
  JavaClient(ManagedChannel channel, String queue, int jobsASecond, Seen seen) {
    this.connection = Connection.over(channel, TIMEOUT);
    this.queue = queue;
    this.seen = seen;
    this.watch =
        new Watch(
            connection,
            WatchDueRequest.newBuilder().addQueues(queue).setMaxOutstandingJobs(20).build(),
            this,
            new Backoff(ThreadLocalRandom.current()));
    new Thread(this::watch, "java client").start();
    pull();
    pace =
        executor.scheduleAtFixedRate(
            this::schedule, 0, 1_000_000 / jobsASecond, TimeUnit.MICROSECONDS);
  }

  /** Schedules no more. */
  void stop() {
    pace.cancel(false);
  }

  /** Whether each Schedule has been answered. */
  boolean isQuiet() {
    return pace.isDone() && open.get() == 0;
  }

  private SchedulerServiceStub calls() {
    return connection
        .streaming()
        .withInterceptors(new RepeatedCalls())
        .withDeadlineAfter(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
  }

  private void schedule() {
    String job = NAME + "-" + jobs.incrementAndGet();
    int delayMs = ThreadLocalRandom.current().nextInt(MOST_DELAY_MS);
    open.incrementAndGet();
    ScheduleRequest request =
        ScheduleRequest.newBuilder()
            .setQueue(queue)
            .setJobId(job)
            .setDelay(Durations.fromMillis(delayMs))
            .build();
    calls()
        .schedule(
            request,
            new Answer<ScheduleResponse>(
                "Schedule", response -> seen.scheduled(job), open::decrementAndGet));
  }

  private void pull() {
    PullDueRequest request =
        PullDueRequest.newBuilder()
            .addQueues(queue)
            .setMaxJobs(5)
            .setWaitTime(Durations.fromMillis(500))
            .build();
    calls()
        .pullDue(
            request,
            new Answer<PullDueResponse>(
                "PullDue", response -> response.getJobsList().forEach(this::work), this::again));
  }

  private void again() {
    if (!isEnding) {
      executor.schedule(this::pull, 20, TimeUnit.MILLISECONDS);
    }
  }

  private void watch() {
    try {
      watch.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void due(List<DueJob> due, Instant received) {
    if (!isEnding) {
      due.forEach(this::work);
    }
  }

  @Override
  public void draining(String reason) {
    seen.moved();
  }

  @Override
  public boolean isTransient(Status status) {
    return true;
  }

  @Override
  public void broken(Status status) {
    if (!isEnding) {
      seen.failed(NAME, "WatchDue: " + status);
    }
  }

  private void work(DueJob job) {
    seen.received(NAME, job.getJobId(), job.getAttempt());
    int workMs = ThreadLocalRandom.current().nextInt(MOST_WORK_MS);
    executor.schedule(() -> ack(job), workMs, TimeUnit.MILLISECONDS);
  }

  private void ack(DueJob job) {
    AckRequest request = AckRequest.newBuilder().addLeaseTokens(job.getLeaseToken()).build();
    calls()
        .ack(
            request,
            new Answer<AckResponse>(
                "Ack",
                response -> {
                  if (response.getOutcomes(0) == LeaseOutcome.LEASE_OUTCOME_OK) {
                    seen.acked(job.getJobId());
                  } else {
                    seen.failed(NAME, "Ack of " + job.getJobId() + ": " + response.getOutcomes(0));
                  }
                },
                () -> {}));
  }

  @Override
  public void close() {
    isEnding = true;
    watch.stop();
    executor.shutdownNow();
    connection.close();
  }

  /** The one answer of a call, or its failure. */
  private final class Answer<T> implements StreamObserver<T> {
    private final String call;
    private final Consumer<T> use;
    private final Runnable done;

    Answer(String call, Consumer<T> use, Runnable done) {
      this.call = call;
      this.use = use;
      this.done = done;
    }

    @Override
    public void onNext(T response) {
      use.accept(response);
    }

    @Override
    public void onError(Throwable failure) {
      if (!isEnding) {
        seen.failed(NAME, call + ": " + failure);
        done.run();
      }
    }

    @Override
    public void onCompleted() {
      done.run();
    }
  }
}
