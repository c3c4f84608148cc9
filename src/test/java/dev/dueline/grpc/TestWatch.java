package dev.dueline.grpc;

import com.google.protobuf.util.Durations;
import dev.dueline.delivery.watch.Watch;
import dev.dueline.delivery.watch.WatchSpec;
import dev.dueline.delivery.watch.WatcherSink;
import dev.dueline.grpc.worker.LeaseChecks;
import dev.dueline.grpc.worker.WatchCall;
import dev.dueline.store.news.StopOutcome;
import dev.dueline.store.news.WatchToken;
import dev.dueline.v1.WatchDueRequest;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/** The delivery side of one watcher, as a test wants it. */
public final class TestWatch implements BiFunction<WatchSpec, WatcherSink, Uni<Watch>>, Watch {
  public static final WatchToken TOKEN = new WatchToken(7, 1, 2, 3, WatchToken.ownerOf("anybody"));

  public final List<WatchToken> stopped = new CopyOnWriteArrayList<>();
  public final List<Duration> timeouts = new CopyOnWriteArrayList<>();
  public final CompletableFuture<WatchSpec> spec = new CompletableFuture<>();
  public final CompletableFuture<WatcherSink> sink = new CompletableFuture<>();
  public final CompletableFuture<Watch> answer = new CompletableFuture<>();
  public final AtomicInteger readies = new AtomicInteger();
  public final AtomicInteger leaves = new AtomicInteger();
  public final AtomicInteger disconnects = new AtomicInteger();

  @Override
  public Uni<Watch> apply(WatchSpec wanted, WatcherSink far) {
    spec.complete(wanted);
    sink.complete(far);
    return Uni.createFrom().completionStage(answer);
  }

  /** A call of WatchDue comes to it, with heartbeats each 10 s. */
  public void open(ManualLoop loop, RecordingCall call) {
    WatchDueRequest request =
        WatchDueRequest.newBuilder()
            .addQueues("q")
            .setHeartbeatInterval(Durations.fromMillis(10_000))
            .build();
    new WatchCall(new LeaseChecks(TestLimits.DEFAULTS), this, this::stop, loop, TestService.CLOCK)
        .watchDue(request, call);
    loop.settle();
  }

  public void connect() {
    answer.complete(this);
  }

  /** Stops it, or whichever watch is meant. */
  public Uni<StopOutcome> stop(WatchToken watch, Duration timeout) {
    stopped.add(watch);
    timeouts.add(timeout);
    return Uni.createFrom().item(StopOutcome.STOPPING);
  }

  @Override
  public WatchToken token() {
    return TOKEN;
  }

  @Override
  public void ready() {
    readies.incrementAndGet();
  }

  @Override
  public void leave(Duration longest) {
    leaves.incrementAndGet();
  }

  @Override
  public void disconnected() {
    disconnects.incrementAndGet();
  }
}
