package dev.dueline.grpc.worker;

import dev.dueline.access.Principal;
import dev.dueline.delivery.time.EventLoop;
import dev.dueline.delivery.watch.Watch;
import dev.dueline.delivery.watch.WatchSpec;
import dev.dueline.delivery.watch.WatcherSink;
import dev.dueline.grpc.call.Caller;
import dev.dueline.grpc.call.ConnectionAge;
import dev.dueline.grpc.failure.AccessFailures;
import dev.dueline.grpc.failure.RefusedException;
import dev.dueline.store.news.StopOutcome;
import dev.dueline.store.news.WatchToken;
import dev.dueline.v1.Started;
import dev.dueline.v1.StopWatchRequest;
import dev.dueline.v1.StopWatchResponse;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;

/** WatchDue and StopWatch. */
public final class WatchCall {
  private final LeaseChecks checks;
  private final BiFunction<WatchSpec, WatcherSink, Uni<Watch>> connect;
  private final BiFunction<WatchToken, Duration, Uni<StopOutcome>> stop;
  private final EventLoop loop;
  private final InstantSource clock;

  /**
   * Watches through delivery.
   *
   * @param connect as {@link dev.dueline.delivery.watch.Watchers#watch}
   * @param stop as {@link dev.dueline.delivery.watch.Watchers#stop}
   * @param clock the server's, which heartbeats tell
   */
  public WatchCall(
      LeaseChecks checks,
      BiFunction<WatchSpec, WatcherSink, Uni<Watch>> connect,
      BiFunction<WatchToken, Duration, Uni<StopOutcome>> stop,
      EventLoop loop,
      InstantSource clock) {
    this.checks = checks;
    this.connect = connect;
    this.stop = stop;
    this.loop = loop;
    this.clock = clock;
  }

  /** Opens a stream; throws what the checks throw. */
  public void watchDue(WatchDueRequest request, StreamObserver<WatchDueResponse> caller) {
    checks.watchDue(request);
    Started settings = DeliveryMapping.started(request);
    var call = (ServerCallStreamObserver<WatchDueResponse>) caller;
    Optional<ConnectionAge> age = ConnectionAge.current();
    // Streams of a connection share it, and hardly any others.
    long phaseNanos =
        age.map(ConnectionAge::drainingNanos).orElseGet(ThreadLocalRandom.current()::nextLong);
    WatchStream stream = new WatchStream(call, settings, loop, clock, phaseNanos);
    age.ifPresent(stream::leaveWith);
    WatchSpec spec = DeliveryMapping.watchSpec(request, settings, Caller.current());
    Uni.createFrom()
        .deferred(() -> connect.apply(spec, stream))
        .subscribe()
        .with(stream::connected, stream::refused);
  }

  /** Has a watch of the same principal take no more jobs. */
  public Uni<StopWatchResponse> stopWatch(StopWatchRequest request) {
    WatchToken watch = checks.stopWatch(request);
    Principal caller = Caller.current();
    if (watch.owner() != WatchToken.ownerOf(caller.name())) {
      throw new RefusedException(AccessFailures.notYourWatch(caller));
    }
    return stop.apply(watch, checks.stopTimeout(request)).map(DeliveryMapping::stopped);
  }
}
