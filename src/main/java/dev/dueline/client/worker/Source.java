package dev.dueline.client.worker;

import dev.dueline.client.DuelineException;
import dev.dueline.client.WatchListener;
import dev.dueline.client.WatchStream;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.LostLease;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a worker, and how it stands. Belongs to the worker's thread, to which it hands what
 * comes on the connection's.
 */
final class Source implements WatchListener {
  /** What is done about events, on the worker's thread. */
  interface Events {
    /** The service watches. */
    void started(Source source);

    /** Jobs came. */
    void due(Source source, List<DueJob> jobs);

    /** Leases are over. */
    void lost(List<LostLease> leases);

    /** No more jobs come. */
    void draining(Source source);

    /** The stream is over. */
    void ended(Source source, Status status);
  }

  /** Jobs that may be out. */
  final int credit;

  /** Whether more jobs are wanted of it. */
  boolean isLive = true;

  boolean isStarted;

  /** Whether it was told to stop, or will be once it has started. */
  boolean isToStop;

  /** When it was. */
  long stoppedNanos;

  /** Whether it brought a job, or a heartbeat: it was worth opening. */
  boolean hasLived;

  /** Whether it said that no more jobs come. */
  boolean isStopped;

  boolean isEnded;

  /** What it failed with; null: it did not. */
  @Nullable DuelineException failure;

  /** Silence for longer means that nobody is there. */
  Duration silence;

  long heardNanos = System.nanoTime();

  /** Set right after it is made. */
  @Nullable WatchStream stream;

  private final Executor loop;
  private final Events events;

  Source(int credit, Duration silence, Executor loop, Events events) {
    this.credit = credit;
    this.silence = silence;
    this.loop = loop;
    this.events = events;
  }

  /** Whether it is silent for longer than a service that is well would be. */
  boolean isQuiet(long nowNanos) {
    return nowNanos - heardNanos > TimeUnit.NANOSECONDS.convert(silence) / 2;
  }

  /** Ends the stream from this side. */
  void close() {
    if (stream != null) {
      stream.close();
    }
  }

  private void hear(Runnable action) {
    loop.execute(
        () -> {
          heardNanos = System.nanoTime();
          action.run();
        });
  }

  @Override
  public void started(Duration heartbeat) {
    hear(
        () -> {
          isStarted = true;
          if (!heartbeat.isZero()) {
            silence = heartbeat.multipliedBy(Streams.HEARTBEATS_MISSED);
          }
          events.started(this);
        });
  }

  @Override
  public void due(List<DueJob> jobs) {
    hear(
        () -> {
          hasLived = true;
          events.due(this, jobs);
        });
  }

  @Override
  public void heartbeat() {
    hear(() -> hasLived = true);
  }

  @Override
  public void lost(List<LostLease> leases) {
    hear(() -> events.lost(leases));
  }

  @Override
  public void stopped() {
    hear(() -> isStopped = true);
  }

  @Override
  public void draining(String reason) {
    hear(() -> events.draining(this));
  }

  @Override
  public void failed(Throwable why) {
    hear(() -> failure = DuelineException.of(why));
    ended(Status.fromThrowable(why));
  }

  @Override
  public void ended(Status status) {
    hear(
        () -> {
          if (!isEnded) {
            events.ended(this, status);
          }
        });
  }
}
