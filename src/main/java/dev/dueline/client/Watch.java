package dev.dueline.client;

import dev.dueline.v1.DueJob;
import dev.dueline.v1.LostLease;
import dev.dueline.v1.WatchDueRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches queues until its handler has jobs enough, or it is told to stop: opens a stream, passes
 * its jobs on, and opens another when it breaks, falls silent or its server drains. A stream whose
 * server drains is read to its end beside the next one, as its leases may hang on it.
 *
 * <pre>
 *   connect ──▶ follow ──▶ enough, or stopped
 *      ▲          │ unavailable, silent, draining
 *      └── wait ◀─┘
 * </pre>
 *
 * <p>The watch runs on one thread of the caller's, and takes one message at a time: what its
 * handler does not take stays with the service. Only {@link #stop} may be called by others.
 */
public final class Watch {
  /** Silence before Started says otherwise: three default heartbeats of 10 s. */
  private static final Duration FIRST_SILENCE = Duration.ofSeconds(30);

  private static final int HEARTBEATS_MISSED = 3;

  /** For the service to say that a watch is stopped; a process that is to end has little time. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

  private final Connection connection;
  private final Leases leases;
  private final WatchDueRequest request;
  private final WatchHandler handler;
  private final Backoff backoff;
  private final BlockingQueue<Signal> inbox = new LinkedBlockingQueue<>();
  private final Map<Source, WatchStream> streams = new HashMap<>();
  private @Nullable Source current;
  private Duration silence = FIRST_SILENCE;
  private long stopEndNanos;
  private boolean isStopping;
  private boolean isStopped;

  /**
   * A watch that has yet to {@link #run}.
   *
   * @param request of each stream; where fewer jobs are wanted, a stream asks for no more than
   *     those
   */
  public Watch(
      Connection connection, WatchDueRequest request, WatchHandler handler, Backoff backoff) {
    this.connection = connection;
    this.leases = new Leases(connection);
    this.request = request;
    this.handler = handler;
    this.backoff = backoff;
  }

  /** Has {@link #run} end: two seconds later at most, but for {@link WatchHandler#ending}. */
  public void stop() {
    signal(this::beginStop);
  }

  /**
   * Runs to the end. Jobs that come too late for the handler are given back.
   *
   * @throws StatusRuntimeException when a stream ends in a way that is not transient
   */
  public void run() throws InterruptedException {
    boolean again = handler.wanted() > 0;
    try {
      while (again) {
        open();
        again = follow() && pause();
      }
      handler.ending();
    } finally {
      streams.values().forEach(WatchStream::close);
      inbox.forEach(signal -> giveBack(signal.jobs()));
    }
  }

  private void signal(Runnable action) {
    inbox.add(new Signal(null, List.of(), action));
  }

  /** A second one does not wait. */
  private void beginStop() {
    if (isStopping || current == null) {
      isStopped = true;
      return;
    }
    isStopping = true;
    stopEndNanos = System.nanoTime() + STOP_TIMEOUT.toNanos();
    if (current.isStarted) {
      sendStop(current);
    }
  }

  private void sendStop(Source source) {
    WatchStream stream = Objects.requireNonNull(streams.get(source));
    StopCall.send(connection, stream.watchToken(), () -> signal(() -> isStopped = true));
  }

  private void open() {
    Source source = new Source();
    // Jobs that would come after the last one wanted are better left to other watchers.
    int credit = (int) Math.min(request.getMaxOutstandingJobs(), handler.wanted());
    WatchDueRequest sized = request.toBuilder().setMaxOutstandingJobs(credit).build();
    streams.put(source, WatchStream.openPaced(connection.streaming(), sized, source));
    current = source;
  }

  /** Passes on what comes until the stream is to be replaced; false: the watch is over. */
  private boolean follow() throws InterruptedException {
    long heardNanos = System.nanoTime();
    while (current != null) {
      Signal signal = poll(isStopping ? stopEndNanos : heardNanos + silence.toNanos());
      if (signal == null) {
        giveUp(
            Status.UNAVAILABLE.withDescription("nothing heard for " + silence.toMillis() + " ms"));
        return !isStopped;
      }
      boolean isOfCurrent = signal.from() == current;
      if (!take(signal)) {
        return false;
      }
      if (isOfCurrent) {
        // Now, for the handler may have taken its time, and nothing more was asked for meanwhile.
        heardNanos = System.nanoTime();
      }
    }
    return true;
  }

  /** Waits before the next stream; false: the watch is over. */
  private boolean pause() throws InterruptedException {
    long endNanos = System.nanoTime() + backoff.next().toNanos();
    for (Signal signal = poll(endNanos); signal != null; signal = poll(endNanos)) {
      if (!take(signal)) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Signal poll(long endNanos) throws InterruptedException {
    return inbox.poll(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  /** Acts on a signal, unless it comes from a stream given up; false: the watch is over. */
  private boolean take(Signal signal) {
    if (signal.from() == null || streams.containsKey(signal.from())) {
      signal.action().run();
    } else {
      giveBack(signal.jobs());
    }
    return !isStopped && handler.wanted() > 0;
  }

  /** The current stream is of no more use. */
  private void giveUp(Status status) {
    WatchStream stream = streams.remove(current);
    current = null;
    if (stream != null) {
      stream.close();
    }
    if (isStopping) {
      isStopped = true;
      return;
    }
    if (!handler.isTransient(status)) {
      throw status.asRuntimeException();
    }
    // Or gRPC's own backoff would count, which waits for up to two minutes.
    connection.renew();
    handler.broken(status);
  }

  private void giveBack(List<DueJob> jobs) {
    if (jobs.isEmpty() || request.getAutoAck()) {
      return;
    }
    try {
      leases.giveBack(jobs);
    } catch (StatusRuntimeException e) {
      handler.notGivenBack(jobs, e);
    }
  }

  /**
   * What the watch waits for.
   *
   * @param from the stream that brought it; null: none did
   * @param jobs that it brings
   * @param action what to do about it, on the watch's thread
   */
  private record Signal(@Nullable Source from, List<DueJob> jobs, Runnable action) {}

  /**
   * Puts what one stream brings into the inbox, and lets the next message come once it is taken.
   */
  private final class Source implements WatchListener {
    private boolean isStarted;

    @Override
    public void started(Duration heartbeat) {
      add(
          () -> {
            if (!heartbeat.isZero()) {
              silence = heartbeat.multipliedBy(HEARTBEATS_MISSED);
            }
            handler.started();
            isStarted = true;
            if (isStopping && current == this) {
              sendStop(this);
            }
          });
    }

    @Override
    public void due(List<DueJob> jobs) {
      Instant received = Instant.now();
      add(
          jobs,
          () -> {
            backoff.reset();
            handler.due(jobs, received);
          });
    }

    @Override
    public void heartbeat() {
      add(backoff::reset);
    }

    @Override
    public void lost(List<LostLease> leases) {
      add(() -> handler.lost(leases));
    }

    @Override
    public void stopped() {
      add(() -> isStopped = true);
    }

    @Override
    public void draining(String reason) {
      add(
          () -> {
            isStopped = isStopping;
            handler.draining(reason);
            connection.renew();
            current = current == this ? null : current;
          });
    }

    @Override
    public void ended(Status status) {
      inbox.add(
          new Signal(
              this,
              List.of(),
              () -> {
                if (current == this) {
                  giveUp(status);
                } else {
                  streams.remove(this);
                }
              }));
    }

    private void add(Runnable action) {
      add(List.of(), action);
    }

    private void add(List<DueJob> jobs, Runnable action) {
      inbox.add(
          new Signal(
              this,
              jobs,
              () -> {
                action.run();
                Objects.requireNonNull(streams.get(this)).requestNext();
              }));
    }
  }
}
