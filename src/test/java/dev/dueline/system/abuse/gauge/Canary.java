package dev.dueline.system.abuse.gauge;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import dev.dueline.system.process.RepeatedCalls;
import dev.dueline.system.security.callers.Tokens;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.CancelResponse;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceFutureStub;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * A well client: schedules a job each 100 ms, whether those before were answered or not, and
 * cancels it when it is; in turn over a connection that it keeps and over one that it opens anew
 * each second, on which it asks for health, too. A call is measured from when it should have begun.
 */
public final class Canary implements AutoCloseable {
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Beyond the longest time that any call may take; one that is left waiting fails. */
  private static final int DEADLINE_SECONDS = 60;

  private static final int MOST_FAILURES = 20;

  /** Calls between two new connections: one in two of ten a second uses it. */
  private static final int RENEWED = 10;

  private final Supplier<ManagedChannel> channels;
  private final String token;
  private final Line kept;
  private final Thread thread = new Thread(this::serve, "canary");
  private final Set<Call> underWay = new HashSet<>();
  private final List<String> failures = new ArrayList<>();
  private final Histogram micros = histogram();

  /** Of calls over the connection that is kept: what new ones take longer is their connecting. */
  private final Histogram keptMicros = histogram();

  /** The newest first. */
  private final Deque<Line> renewed = new ArrayDeque<>();

  private volatile boolean isClosed;

  private Canary(Supplier<ManagedChannel> channels, String token) {
    this.channels = channels;
    this.token = token;
    this.kept = new Line(channels.get());
  }

  /**
   * Calls from now on.
   *
   * @param channels makes a channel of its own for each connection
   */
  public static Canary start(Supplier<ManagedChannel> channels, String token) {
    Canary canary = new Canary(channels, token);
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

  /** What it has seen since it was asked last; calls under way count as if they ended now. */
  public synchronized Figures figures() {
    underWay.forEach(this::record);
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

  /** Begins a call when its time has come, whatever became of those before. */
  private void serve() {
    long planned = System.nanoTime();
    for (int i = 0; !isClosed; i++) {
      if (i % RENEWED == 0) {
        if (!renewed.isEmpty()) {
          renewed.getFirst().release();
        }
        renewed.addFirst(new Line(channels.get()));
      }
      call(planned, "canary-" + i, i % 2 == 0);
      if (i % RENEWED == 1) {
        checkHealth();
      }
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

  /** Schedules a job, and cancels it once that is answered. */
  private void call(long planned, String id, boolean isKept) {
    Line line = isKept ? kept : renewed.getFirst();
    line.use();
    SchedulerServiceFutureStub calls =
        Tokens.with(SchedulerServiceGrpc.newFutureStub(line.channel), token);
    new Call(planned, isKept)
        .follow(
            schedule(timed(calls), id),
            () ->
                new Call(System.nanoTime(), isKept)
                    .follow(cancel(timed(calls), id), line::release, line::release),
            line::release);
  }

  /** As a probe does, without credentials, from an address that no attacker has. */
  private void checkHealth() {
    Line line = renewed.getFirst();
    line.use();
    new Call(System.nanoTime(), false)
        .follow(
            HealthGrpc.newFutureStub(line.channel)
                .withInterceptors(new RepeatedCalls())
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .check(HealthCheckRequest.getDefaultInstance()),
            line::release,
            line::release);
  }

  private static SchedulerServiceFutureStub timed(SchedulerServiceFutureStub calls) {
    return calls
        .withInterceptors(new RepeatedCalls())
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  private void ended(Call call, String failure) {
    synchronized (this) {
      underWay.remove(call);
      record(call);
      if (!failure.isEmpty() && !isClosed && failures.size() < MOST_FAILURES) {
        failures.add((call.isKept ? "kept connection: " : "new connection: ") + failure);
      }
    }
  }

  private void record(Call call) {
    long took = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - call.begin);
    long recorded = Math.max(0, Math.min(took, micros.getHighestTrackableValue()));
    micros.recordValue(recorded);
    if (call.isKept) {
      keptMicros.recordValue(recorded);
    }
  }

  /** A call that has begun, or should have. */
  private final class Call {
    private final long begin;
    private final boolean isKept;

    Call(long begin, boolean isKept) {
      this.begin = begin;
      this.isKept = isKept;
      synchronized (Canary.this) {
        underWay.add(this);
      }
    }

    void follow(ListenableFuture<?> answer, Runnable next, Runnable failed) {
      Futures.addCallback(
          answer,
          new FutureCallback<Object>() {
            @Override
            public void onSuccess(Object answered) {
              ended(Call.this, "");
              next.run();
            }

            @Override
            public void onFailure(Throwable failure) {
              ended(Call.this, Status.fromThrowable(failure).toString());
              failed.run();
            }
          },
          MoreExecutors.directExecutor());
    }
  }

  private static Histogram histogram() {
    return new Histogram(TimeUnit.MINUTES.toMicros(10), 3);
  }

  private static ListenableFuture<ScheduleResponse> schedule(
      SchedulerServiceFutureStub calls, String id) {
    ScheduleRequest.Builder request = ScheduleRequest.newBuilder().setQueue("canary").setJobId(id);
    request.getDelayBuilder().setSeconds(3_600);
    return calls.schedule(request.build());
  }

  private static ListenableFuture<CancelResponse> cancel(
      SchedulerServiceFutureStub calls, String id) {
    return calls.cancel(CancelRequest.newBuilder().setQueue("canary").setJobId(id).build());
  }

  /** A connection, which ends once nobody uses it any longer. */
  private static final class Line {
    private final ManagedChannel channel;
    private int users = 1;

    Line(ManagedChannel channel) {
      this.channel = channel;
    }

    synchronized void use() {
      users++;
    }

    synchronized void release() {
      if (--users == 0) {
        channel.shutdown();
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    isClosed = true;
    thread.interrupt();
    thread.join();
    kept.channel.shutdownNow();
    renewed.forEach(line -> line.channel.shutdownNow());
  }
}
