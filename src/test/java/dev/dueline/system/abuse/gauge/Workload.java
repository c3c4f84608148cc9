package dev.dueline.system.abuse.gauge;

import static org.awaitility.Awaitility.await;

import dev.dueline.system.security.callers.Tokens;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionTimeoutException;

/** Jobs that fall due within seconds, and a watcher that acknowledges each. */
public final class Workload implements AutoCloseable {
  private static final String QUEUE = "work";
  private static final long INTERVAL_MS = 20;
  private static final int MOST_DELAY_SECONDS = 4;
  private static final int DEADLINE_SECONDS = 10;

  private final String token;
  private final ManagedChannel channel;
  private final Thread thread = new Thread(this::schedule, "workload");
  private final Set<String> scheduled = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> delivered = new ConcurrentHashMap<>();
  private final AtomicInteger failedSchedules = new AtomicInteger();
  private final AtomicInteger brokenWatches = new AtomicInteger();
  private volatile boolean isClosed;

  private Workload(int port, String token) {
    this.token = token;
    this.channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  /** Schedules and watches from now on. */
  public static Workload start(int port, String token) {
    Workload workload = new Workload(port, token);
    workload.watch();
    workload.thread.setDaemon(true);
    workload.thread.start();
    return workload;
  }

  /**
   * What became of the jobs.
   *
   * @param scheduled calls of Schedule that were answered well
   * @param failedSchedules those that were not
   * @param lost jobs that were scheduled and did not come
   * @param repeated deliveries beyond the first
   * @param brokenWatches streams that ended
   */
  public record Figures(
      int scheduled, int failedSchedules, int lost, int repeated, int brokenWatches) {}

  /** Schedules no more, and waits for what is due. */
  public Figures finish(Duration longest) throws InterruptedException {
    isClosed = true;
    thread.join();
    try {
      await().atMost(longest).until(() -> delivered.keySet().containsAll(scheduled));
    } catch (ConditionTimeoutException e) {
      // What did not come is counted.
    }
    int lost = (int) scheduled.stream().filter(id -> !delivered.containsKey(id)).count();
    int repeated = delivered.values().stream().mapToInt(times -> times - 1).sum();
    return new Figures(
        scheduled.size(), failedSchedules.get(), lost, repeated, brokenWatches.get());
  }

  private void schedule() {
    for (int i = 0; !isClosed; i++) {
      String id = "work-" + i;
      ScheduleRequest.Builder request = ScheduleRequest.newBuilder().setQueue(QUEUE).setJobId(id);
      request.getDelayBuilder().setSeconds(i % (MOST_DELAY_SECONDS + 1));
      try {
        Tokens.with(SchedulerServiceGrpc.newBlockingStub(channel), token)
            .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
            .schedule(request.build());
        scheduled.add(id);
        Thread.sleep(INTERVAL_MS);
      } catch (StatusRuntimeException e) {
        failedSchedules.incrementAndGet();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void watch() {
    WatchDueRequest request =
        WatchDueRequest.newBuilder().addQueues(QUEUE).setMaxOutstandingJobs(1_000).build();
    calls().watchDue(request, new Watcher());
  }

  private SchedulerServiceGrpc.SchedulerServiceStub calls() {
    return Tokens.with(SchedulerServiceGrpc.newStub(channel), token);
  }

  @Override
  public void close() throws InterruptedException {
    isClosed = true;
    channel.shutdownNow();
    thread.join();
  }

  /** Counts, acknowledges, and watches again. */
  private final class Watcher implements StreamObserver<WatchDueResponse> {
    @Override
    public void onNext(WatchDueResponse event) {
      AckRequest.Builder ack = AckRequest.newBuilder();
      for (DueJob job : event.getDueJobs().getJobsList()) {
        delivered.merge(job.getJobId(), 1, Integer::sum);
        ack.addLeaseTokens(job.getLeaseToken());
      }
      if (ack.getLeaseTokensCount() > 0) {
        calls().ack(ack.build(), new Ignored<>());
      }
    }

    @Override
    public void onError(Throwable failure) {
      if (!channel.isShutdown()) {
        brokenWatches.incrementAndGet();
        watch();
      }
    }

    @Override
    public void onCompleted() {
      onError(new IllegalStateException("the stream ended"));
    }
  }

  /** An answer that changes nothing: an Ack that was lost shows as another delivery. */
  private static final class Ignored<T> implements StreamObserver<T> {
    @Override
    public void onNext(T answer) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }
}
