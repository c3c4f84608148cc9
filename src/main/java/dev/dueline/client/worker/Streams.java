package dev.dueline.client.worker;

import dev.dueline.client.Backoff;
import dev.dueline.client.Connection;
import dev.dueline.client.DuelineException;
import dev.dueline.client.StopCall;
import dev.dueline.client.WatchStream;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.LostLease;
import dev.dueline.v1.WatchDueRequest;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The streams that bring a worker its jobs: one as a rule. A stream that breaks, falls silent or
 * whose server drains is replaced by one that has room for as many jobs as handlers are free; the
 * rest is opened as another stream once the jobs of the old one are over, or half of all handlers
 * are free. Belongs to the worker's thread.
 */
final class Streams implements Source.Events {
  /** A stream that is silent for so many heartbeats is given up. */
  static final int HEARTBEATS_MISSED = 3;

  private static final Duration FIRST_WAIT = Duration.ofMillis(50);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  /** The service may take so long to begin, whatever heartbeats are asked for. */
  private static final Duration LEAST_SILENCE = Duration.ofSeconds(5);

  /** A stream that has not begun is not waited for longer when it is to stop. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

  /** More streams than that are put together. */
  private static final int MAX_LIVE = 4;

  private final Connection connection;
  private final WorkerSettings settings;
  private final WorkerListener listener;
  private final Slots slots;
  private final Executor loop;
  private final Consumer<DuelineException> onRefused;
  private final Backoff backoff =
      Backoff.fullJitter(new SplittableRandom(), FIRST_WAIT, LONGEST_WAIT);
  private final List<Source> sources = new ArrayList<>();
  private long nextOpenNanos = System.nanoTime();
  private boolean isStopping;

  /**
   * Streams that are yet to be opened.
   *
   * @param onRefused is told of a failure that another stream would meet, too
   */
  Streams(
      Connection connection,
      WorkerSettings settings,
      WorkerListener listener,
      Slots slots,
      Executor loop,
      Consumer<DuelineException> onRefused) {
    this.connection = connection;
    this.settings = settings;
    this.listener = listener;
    this.slots = slots;
    this.loop = loop;
    this.onRefused = onRefused;
  }

  /** Whether no job can come any more. */
  boolean areOver() {
    return sources.stream().allMatch(source -> source.isStopped);
  }

  /** Opens what lacks, and gives up what is silent. */
  void tick() {
    long now = System.nanoTime();
    for (Source source : List.copyOf(sources)) {
      boolean isLate =
          source.isToStop
              && !source.isStarted
              && now - source.stoppedNanos > STOP_TIMEOUT.toNanos();
      if (isLate || now - source.heardNanos > TimeUnit.NANOSECONDS.convert(source.silence)) {
        giveUp(source);
      }
    }
    if (!isStopping) {
      balance(now);
    }
  }

  /**
   * Leaves a stream to which nobody answers. Its server may not see that for 20 s, so it is told by
   * another way to give it no more jobs.
   */
  private void giveUp(Source source) {
    source.close();
    ended(source, Status.UNAVAILABLE.withDescription("nothing heard for " + source.silence));
    if (source.isStarted && source.stream != null) {
      StopCall.send(connection, source.stream.watchToken(), () -> {});
    }
  }

  /** Keeps the jobs that may be out at the number of handlers that may run. */
  private void balance(long now) {
    List<Source> live = new ArrayList<>(sources.stream().filter(each -> each.isLive).toList());
    live.sort(Comparator.comparingInt(each -> each.credit));
    int free =
        settings.concurrency() - slots.held() - live.stream().mapToInt(each -> each.credit).sum();
    if (free < 0) {
      // Jobs of streams that are gone may be more than there are slots.
      live.stream().findFirst().ifPresent(this::stop);
    } else if (live.size() > MAX_LIVE) {
      live.subList(0, 2).forEach(this::stop);
    } else if (free > 0 && now >= nextOpenNanos) {
      // Not a stream for each job of an old one that ends, nor none for as long as one lasts.
      boolean isHalf = free >= settings.concurrency() - free;
      if (live.isEmpty() || isHalf || !slots.hasOrphans()) {
        open(free);
      }
    }
  }

  private void open(int credit) {
    Duration silence = settings.heartbeat().multipliedBy(HEARTBEATS_MISSED);
    Source source =
        new Source(
            credit, silence.compareTo(LEAST_SILENCE) < 0 ? LEAST_SILENCE : silence, loop, this);
    WatchDueRequest.Builder request =
        WatchDueRequest.newBuilder()
            .addAllQueues(settings.queues())
            .setWatcherId(settings.name())
            .setMaxOutstandingJobs(credit)
            .setAutoExtend(true);
    request
        .getLeaseDurationBuilder()
        .setSeconds(settings.lease().getSeconds())
        .setNanos(settings.lease().getNano());
    request
        .getHeartbeatIntervalBuilder()
        .setSeconds(settings.heartbeat().getSeconds())
        .setNanos(settings.heartbeat().getNano());
    sources.add(source);
    source.stream = WatchStream.open(connection.streaming(), request.build(), source);
  }

  /** Has all streams end once their jobs are settled; none is opened any more. */
  void stopAll() {
    isStopping = true;
    List.copyOf(sources).forEach(this::stop);
  }

  /** Ends all streams now. */
  void close() {
    sources.forEach(Source::close);
  }

  private void stop(Source source) {
    if (source.isToStop) {
      return;
    }
    source.isLive = false;
    source.isToStop = true;
    source.stoppedNanos = System.nanoTime();
    if (source.isStarted) {
      sendStop(source);
    }
  }

  private void sendStop(Source source) {
    String token = source.stream == null ? "" : source.stream.watchToken();
    StopCall.send(connection, token, () -> loop.execute(source::close));
  }

  @Override
  public void started(Source source) {
    listener.connected();
    if (source.isToStop) {
      sendStop(source);
    }
  }

  @Override
  public void due(Source source, List<DueJob> jobs) {
    backoff.reset();
    slots.add(source, jobs);
  }

  @Override
  public void lost(List<LostLease> leases) {
    leases.forEach(lease -> slots.lose(lease.getLeaseToken()));
  }

  @Override
  public void draining(Source source) {
    source.isLive = false;
    // A server that drains as soon as it has begun is asked no sooner than one that is away.
    waitToOpen(source);
    connection.renew();
    tick();
  }

  @Override
  public void ended(Source source, Status status) {
    boolean wasLive = source.isLive;
    source.isLive = false;
    source.isEnded = true;
    sources.remove(source);
    listener.disconnected(source.isToStop ? Status.OK : status);
    slots.extend();
    if (source.isToStop) {
      return;
    }
    if (Worker.isRefusal(status)) {
      onRefused.accept(
          source.failure == null
              ? DuelineException.of(status.asRuntimeException())
              : source.failure);
    } else if (wasLive) {
      waitToOpen(source);
      // Or gRPC's own backoff would count, which waits for up to two minutes.
      connection.renew();
    }
  }

  private void waitToOpen(Source source) {
    if (source.hasLived) {
      backoff.reset();
      nextOpenNanos = System.nanoTime();
    } else {
      nextOpenNanos = System.nanoTime() + backoff.next().toNanos();
    }
  }
}
