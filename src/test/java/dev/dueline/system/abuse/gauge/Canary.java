package dev.dueline.system.abuse.gauge;

import dev.dueline.system.security.callers.Tokens;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * A well client: schedules a job and cancels it each 100 ms, in turn over a connection that it
 * keeps and over one that it opens anew each second. A call that comes late, since the one before
 * took long, is measured from when it should have begun.
 */
public final class Canary implements AutoCloseable {
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int DEADLINE_SECONDS = 10;
  private static final int MOST_FAILURES = 20;

  /** Calls between two new connections: one in two of ten a second uses it. */
  private static final int RENEWED = 10;

  private final int port;
  private final String token;
  private final ManagedChannel kept;
  private final Thread thread = new Thread(this::serve, "canary");
  private final List<String> failures = new ArrayList<>();
  private final Histogram micros = histogram();

  /** Of calls over the connection that is kept: what new ones take longer is their connecting. */
  private final Histogram keptMicros = histogram();

  private ManagedChannel renewed;
  private long underWaySince;
  private boolean isUnderWay;
  private boolean isUnderWayKept;
  private volatile boolean isClosed;

  private Canary(int port, String token) {
    this.port = port;
    this.token = token;
    this.kept = open();
    this.renewed = open();
  }

  /** Calls from now on. */
  public static Canary start(int port, String token) {
    Canary canary = new Canary(port, token);
    canary.thread.setDaemon(true);
    canary.thread.start();
    return canary;
  }

  /**
   * How it was served.
   *
   * @param calls that ended, well or not
   * @param failures of calls; not all where there are many
   * @param p99Ms of how long they took
   * @param keptP99Ms of how long those over the connection took that is kept
   * @param slowestMs of how long they took
   */
  public record Figures(
      long calls, List<String> failures, double p99Ms, double keptP99Ms, double slowestMs) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "canary: %d calls, %d failed, p99 %.0f ms (connection kept: %.0f), slowest %.0f ms",
          calls,
          failures.size(),
          p99Ms,
          keptP99Ms,
          slowestMs);
    }
  }

  /** How many have ended since it was asked last for its figures. */
  public synchronized long calls() {
    return micros.getTotalCount();
  }

  /** What it has seen since it was asked last; a call under way counts as if it ended now. */
  public synchronized Figures figures() {
    if (isUnderWay) {
      record(underWaySince, isUnderWayKept);
    }
    Figures figures =
        new Figures(
            micros.getTotalCount(),
            List.copyOf(failures),
            micros.getValueAtPercentile(99) / 1e3,
            keptMicros.getValueAtPercentile(99) / 1e3,
            micros.getMaxValue() / 1e3);
    micros.reset();
    keptMicros.reset();
    failures.clear();
    return figures;
  }

  private void serve() {
    long planned = System.nanoTime();
    for (int i = 0; !isClosed; i++) {
      if (i % RENEWED == 0) {
        renewed.shutdownNow();
        renewed = open();
      }
      boolean isKept = i % 2 == 0;
      ManagedChannel channel = isKept ? kept : renewed;
      SchedulerServiceBlockingStub calls =
          Tokens.with(SchedulerServiceGrpc.newBlockingStub(channel), token);
      String id = "canary-" + i;
      measured(planned, isKept, () -> schedule(timed(calls), id));
      measured(System.nanoTime(), isKept, () -> cancel(timed(calls), id));
      planned += INTERVAL_NANOS;
      long ahead = planned - System.nanoTime();
      if (ahead > 0) {
        try {
          TimeUnit.NANOSECONDS.sleep(ahead);
        } catch (InterruptedException e) {
          return;
        }
      }
    }
  }

  private static SchedulerServiceBlockingStub timed(SchedulerServiceBlockingStub calls) {
    return calls.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  private void measured(long begin, boolean isKept, Runnable call) {
    String failure = "";
    synchronized (this) {
      underWaySince = begin;
      isUnderWay = true;
      isUnderWayKept = isKept;
    }
    try {
      call.run();
    } catch (StatusRuntimeException e) {
      failure = (isKept ? "kept connection: " : "new connection: ") + e.getStatus();
    }
    synchronized (this) {
      isUnderWay = false;
      record(begin, isKept);
      if (!failure.isEmpty() && !isClosed && failures.size() < MOST_FAILURES) {
        failures.add(failure);
      }
    }
  }

  private void record(long begin, boolean isKept) {
    long took = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begin);
    long recorded = Math.max(0, Math.min(took, micros.getHighestTrackableValue()));
    micros.recordValue(recorded);
    if (isKept) {
      keptMicros.recordValue(recorded);
    }
  }

  private static Histogram histogram() {
    return new Histogram(TimeUnit.MINUTES.toMicros(10), 3);
  }

  private static void schedule(SchedulerServiceBlockingStub calls, String id) {
    ScheduleRequest.Builder request = ScheduleRequest.newBuilder().setQueue("canary").setJobId(id);
    request.getDelayBuilder().setSeconds(3_600);
    calls.schedule(request.build());
  }

  private static void cancel(SchedulerServiceBlockingStub calls, String id) {
    calls.cancel(CancelRequest.newBuilder().setQueue("canary").setJobId(id).build());
  }

  private ManagedChannel open() {
    return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  @Override
  public void close() throws InterruptedException {
    isClosed = true;
    thread.interrupt();
    thread.join();
    kept.shutdownNow();
    renewed.shutdownNow();
  }
}
