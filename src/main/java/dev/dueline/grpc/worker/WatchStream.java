package dev.dueline.grpc.worker;

import com.google.protobuf.util.Durations;
import dev.dueline.delivery.time.EventLoop;
import dev.dueline.delivery.watch.Watch;
import dev.dueline.delivery.watch.WatcherSink;
import dev.dueline.grpc.call.ConnectionAge;
import dev.dueline.grpc.failure.Failure;
import dev.dueline.grpc.failure.GrpcFailures;
import dev.dueline.grpc.message.MessageBytes;
import dev.dueline.grpc.message.Times;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.news.LeaseEnd;
import dev.dueline.v1.Draining;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.DueJobs;
import dev.dueline.v1.Heartbeat;
import dev.dueline.v1.LostLease;
import dev.dueline.v1.LostLeases;
import dev.dueline.v1.Started;
import dev.dueline.v1.Stopped;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One WatchDue call. All its state, and all that is written to it, belongs to the event loop of
 * delivery, since a call takes one writer at a time; what gRPC and the watch report on threads of
 * their own is passed on to the loop.
 *
 * <pre>
 *   opened ──the watch is there──▶ started ──client cancels, connection breaks──▶ over
 *      │                              └──────end, complete, refused──────────────▶ over
 *      └─────────────────────────────────────refused, canceled───────────────────▶ over
 * </pre>
 */
final class WatchStream implements WatcherSink {
  /** Most bytes of jobs in one message, unless one alone has more: a quarter of clients' 4 MiB. */
  static final int MAX_MESSAGE_BYTES = 1 << 20;

  /** Leases in one message: each has a token, and names, of some hundred bytes. */
  private static final int MAX_LOST_LEASES = 1_000;

  private final ServerCallStreamObserver<WatchDueResponse> call;
  private final Started settings;
  private final EventLoop loop;
  private final InstantSource clock;
  private final Silence silence;

  private boolean isDraining;
  private boolean isStopped;
  private boolean isOver;
  private final List<LostLease> lost = new ArrayList<>();
  private @Nullable Watch watch;
  private EventLoop.@Nullable Timer heartbeat;
  private EventLoop.@Nullable Timer leaving;

  /**
   * Takes over a call; on the thread that gRPC began it on.
   *
   * @param phaseNanos as {@link Silence} takes it
   */
  WatchStream(
      ServerCallStreamObserver<WatchDueResponse> call,
      Started settings,
      EventLoop loop,
      InstantSource clock,
      long phaseNanos) {
    this.call = call;
    this.settings = settings;
    this.loop = loop;
    this.clock = clock;
    Duration interval = Times.exact(settings.getHeartbeatInterval());
    this.silence = new Silence(interval, phaseNanos, loop.nanoTime());
    call.setOnReadyHandler(() -> loop.execute(this::takesMore));
    call.setOnCancelHandler(() -> loop.execute(this::finish));
    call.setOnCloseHandler(() -> loop.execute(this::finish));
    loop.execute(this::awaitSilence);
  }

  /** The watch is there. Any thread. */
  void connected(Watch begun) {
    loop.execute(
        () -> {
          if (isOver) {
            begun.disconnected();
            return;
          }
          watch = begun;
          Started started = DeliveryMapping.started(settings, begun.token());
          write(WatchDueResponse.newBuilder().setStarted(started).build());
          if (isReady()) {
            begun.ready();
          }
        });
  }

  /** Has the watch leave in time, before the connection is cut for its age. Any thread. */
  void leaveWith(ConnectionAge age) {
    loop.execute(() -> awaitAge(age));
  }

  /** A connection ages in real time, also where the clock of the loop is moved. */
  private void awaitAge(ConnectionAge age) {
    Duration left = age.untilDraining();
    if (isOver) {
      return;
    }
    if (!left.isZero()) {
      leaving = loop.schedule(left, () -> awaitAge(age));
    } else if (watch != null) {
      watch.leave(age.timeout());
    }
  }

  /** There is no watch, or none any longer. Any thread. */
  @Override
  public void refused(Throwable thrown) {
    Failure failure = GrpcFailures.of(thrown);
    loop.execute(() -> fail(failure));
  }

  @Override
  public boolean isLongLived() {
    return true;
  }

  @Override
  public boolean isReady() {
    return !isOver && !call.isCancelled() && call.isReady();
  }

  @Override
  public void deliver(List<Delivery> jobs) {
    DueJobs.Builder message = DueJobs.newBuilder();
    long bytes = 0;
    for (Delivery each : jobs) {
      DueJob job = DeliveryMapping.dueJob(each);
      bytes += MessageBytes.inList(job);
      if (bytes > MAX_MESSAGE_BYTES && message.getJobsCount() > 0) {
        write(WatchDueResponse.newBuilder().setDueJobs(message).build());
        message.clear();
        bytes = MessageBytes.inList(job);
      }
      message.addJobs(job);
    }
    if (message.getJobsCount() > 0) {
      write(WatchDueResponse.newBuilder().setDueJobs(message).build());
    }
  }

  @Override
  public void draining(Duration timeout) {
    if (watch != null && !isDraining) {
      isDraining = true;
      String reason = "This replica or connection is going away: reconnect.";
      write(
          WatchDueResponse.newBuilder()
              .setDraining(
                  Draining.newBuilder()
                      .setReason(reason)
                      .setTimeout(Durations.fromMillis(timeout.toMillis())))
              .build());
    }
  }

  @Override
  public void stopped() {
    if (!isStopped) {
      isStopped = true;
      write(WatchDueResponse.newBuilder().setStopped(Stopped.getDefaultInstance()).build());
    }
  }

  /** They go together, for they end together: with a step of the expirer, or a batch of cancels. */
  @Override
  public void lost(LeaseToken lease, LeaseEnd how) {
    if (lost.isEmpty()) {
      loop.execute(this::writeLost);
    }
    lost.add(DeliveryMapping.lostLease(lease, how));
  }

  @Override
  public void end() {
    draining(Duration.ZERO);
    fail(GrpcFailures.draining());
  }

  @Override
  public void complete() {
    if (!isOver) {
      writeLost();
      if (!call.isCancelled()) {
        call.onCompleted();
      }
      finish();
    }
  }

  /** What the stream does not take now waits: no more than were out at once. */
  private void writeLost() {
    while (!lost.isEmpty() && isReady()) {
      List<LostLease> next = lost.subList(0, Math.min(MAX_LOST_LEASES, lost.size()));
      write(
          WatchDueResponse.newBuilder()
              .setLostLeases(LostLeases.newBuilder().addAllLeases(next))
              .build());
      next.clear();
    }
  }

  private void takesMore() {
    if (!isOver) {
      beat();
      writeLost();
      if (watch != null) {
        watch.ready();
      }
    }
  }

  private void awaitSilence() {
    if (!isOver) {
      heartbeat =
          loop.schedule(
              silence.untilHeartbeat(loop.nanoTime()),
              () -> {
                beat();
                awaitSilence();
              });
    }
  }

  /** Breaks a silence that has lasted; a stream that takes nothing now gets it later. */
  private void beat() {
    if (watch == null || !isReady() || !silence.isLong(loop.nanoTime())) {
      return;
    }
    Heartbeat now = Heartbeat.newBuilder().setServerTime(Times.ofMs(clock.millis())).build();
    send(WatchDueResponse.newBuilder().setHeartbeat(now).build());
  }

  private void write(WatchDueResponse event) {
    if (!isOver && !call.isCancelled()) {
      send(event);
    }
  }

  private void send(WatchDueResponse event) {
    call.onNext(event);
    silence.broken(loop.nanoTime());
  }

  private void fail(Failure failure) {
    if (!isOver) {
      if (!call.isCancelled()) {
        call.onError(failure.toException());
      }
      finish();
    }
  }

  private void finish() {
    if (isOver) {
      return;
    }
    isOver = true;
    if (heartbeat != null) {
      heartbeat.cancel();
    }
    if (leaving != null) {
      leaving.cancel();
    }
    if (watch != null) {
      watch.disconnected();
    }
  }
}
