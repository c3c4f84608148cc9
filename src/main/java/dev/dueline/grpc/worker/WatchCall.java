package dev.dueline.grpc.worker;

import dev.dueline.delivery.time.EventLoop;
import dev.dueline.delivery.watch.Watch;
import dev.dueline.delivery.watch.WatchSpec;
import dev.dueline.delivery.watch.WatcherSink;
import dev.dueline.grpc.call.ConnectionAge;
import dev.dueline.v1.Started;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.smallrye.mutiny.Uni;
import java.time.InstantSource;
import java.util.function.BiFunction;

/** WatchDue. */
public final class WatchCall {
  private final LeaseChecks checks;
  private final BiFunction<WatchSpec, WatcherSink, Uni<Watch>> connect;
  private final EventLoop loop;
  private final InstantSource clock;

  /**
   * Watches through delivery.
   *
   * @param connect as {@link dev.dueline.delivery.watch.Watchers#watch}
   * @param clock the server's, which heartbeats tell
   */
  public WatchCall(
      LeaseChecks checks,
      BiFunction<WatchSpec, WatcherSink, Uni<Watch>> connect,
      EventLoop loop,
      InstantSource clock) {
    this.checks = checks;
    this.connect = connect;
    this.loop = loop;
    this.clock = clock;
  }

  /** Opens a stream; throws what the checks throw. */
  public void watchDue(WatchDueRequest request, StreamObserver<WatchDueResponse> caller) {
    checks.watchDue(request);
    Started settings = DeliveryMapping.started(request);
    var call = (ServerCallStreamObserver<WatchDueResponse>) caller;
    WatchStream stream = new WatchStream(call, settings, loop, clock);
    ConnectionAge.current().ifPresent(stream::leaveWith);
    Uni.createFrom()
        .deferred(() -> connect.apply(DeliveryMapping.watchSpec(request, settings), stream))
        .subscribe()
        .with(stream::connected, stream::refused);
  }
}
