package dev.dueline.cli.watch;

import dev.dueline.cli.remote.CallFailure;
import dev.dueline.cli.remote.Connection;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.TimeText;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches until there are jobs enough, or told to stop: opens a stream, passes its jobs on, and
 * opens another when it breaks, falls silent or its server drains.
 *
 * <pre>
 *   connect ──▶ follow ──▶ enough, or stop
 *      ▲          │ unavailable, silent, draining
 *      └── wait ◀─┘
 * </pre>
 */
final class WatchLoop {
  /** Silence before Started says otherwise: three default heartbeats of 10 s. */
  private static final Duration FIRST_SILENCE = Duration.ofSeconds(30);

  private static final int HEARTBEATS_MISSED = 3;

  private final Connection connection;
  private final Console console;
  private final BlockingQueue<Signal> inbox;
  private final Backoff backoff;
  private final JobOutput output;
  private boolean isBroken;
  private Duration silence = FIRST_SILENCE;

  WatchLoop(
      Connection connection,
      Console console,
      BlockingQueue<Signal> inbox,
      Backoff backoff,
      JobOutput output) {
    this.connection = connection;
    this.console = console;
    this.inbox = inbox;
    this.backoff = backoff;
    this.output = output;
  }

  /**
   * Runs to the end.
   *
   * @throws StatusRuntimeException when the service refuses to let these queues be watched
   */
  void run(WatchDueRequest request) throws InterruptedException {
    int maxOutstanding = request.getMaxOutstandingJobs();
    boolean again = output.left() > 0;
    while (again) {
      // Jobs that would come after the last one wanted are better left to other watchers.
      int credit = (int) Math.min(maxOutstanding, output.left());
      WatchDueRequest sized = request.toBuilder().setMaxOutstandingJobs(credit).build();
      WatchCall call = WatchCall.start(connection, sized, inbox);
      try {
        again = follow(call) && pause();
      } finally {
        call.cancel();
        returnUnwritten();
      }
    }
  }

  /** Passes a stream's events on; whether there is to be another stream. */
  private boolean follow(WatchCall call) throws InterruptedException {
    while (true) {
      Signal signal = next(call);
      if (signal instanceof Signal.Stop) {
        return false;
      }
      if (signal instanceof Signal.Ended ended) {
        endedBy(ended.status());
        return true;
      }
      Signal.Received received = (Signal.Received) signal;
      handle(received);
      if (output.left() == 0) {
        return false;
      }
      if (received.event().hasDraining()) {
        connection.renew();
        return true;
      }
      call.requestNext();
    }
  }

  private Signal next(WatchCall call) throws InterruptedException {
    while (true) {
      Signal signal = inbox.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
      if (signal == null) {
        String description = "nothing heard for " + silence.toMillis() + " ms";
        return new Signal.Ended(call, Status.UNAVAILABLE.withDescription(description));
      }
      if (!isStale(signal, call)) {
        return signal;
      }
    }
  }

  private static boolean isStale(Signal signal, WatchCall call) {
    return (signal instanceof Signal.Ended ended && ended.from() != call)
        || (signal instanceof Signal.Received received && received.from() != call);
  }

  private void handle(Signal.Received received) {
    WatchDueResponse event = received.event();
    switch (event.getEventCase()) {
      case STARTED -> started(event);
      case DUE_JOBS -> {
        backoff.reset();
        output.write(event.getDueJobs().getJobsList(), received.time());
      }
      case DRAINING ->
          console.note(
              "the server is draining (" + event.getDraining().getReason() + "); reconnecting");
      case HEARTBEAT -> backoff.reset();
      case EVENT_NOT_SET -> {}
    }
  }

  private void started(WatchDueResponse event) {
    if (isBroken) {
      isBroken = false;
      console.note("watching again");
    }
    if (event.getStarted().hasHeartbeatInterval()) {
      Duration heartbeat = TimeText.toDuration(event.getStarted().getHeartbeatInterval());
      silence = heartbeat.multipliedBy(HEARTBEATS_MISSED);
    }
  }

  private void endedBy(Status status) {
    StatusRuntimeException failure = status.asRuntimeException();
    switch (status.getCode()) {
      case UNAVAILABLE, CANCELLED -> {
        // Or gRPC's own backoff would count, which waits for up to two minutes.
        connection.renew();
        if (!isBroken) {
          isBroken = true;
          console.note(CallFailure.of(failure).line() + "; trying again");
        }
      }
      default -> throw failure;
    }
  }

  /** Waits before the next stream; whether there is to be one. */
  private boolean pause() throws InterruptedException {
    long end = System.nanoTime() + backoff.next().toNanos();
    while (true) {
      @Nullable Signal signal = inbox.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (signal == null) {
        return true;
      }
      if (signal instanceof Signal.Stop) {
        return false;
      }
      giveBack(signal);
    }
  }

  private void returnUnwritten() {
    Signal signal = inbox.peek();
    while (signal != null && !(signal instanceof Signal.Stop)) {
      giveBack(signal);
      inbox.remove(signal);
      signal = inbox.peek();
    }
  }

  private void giveBack(Signal signal) {
    if (signal instanceof Signal.Received received) {
      output.giveBack(received.event().getDueJobs().getJobsList());
    }
  }
}
