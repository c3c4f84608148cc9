package dev.dueline.grpc;

import dev.dueline.delivery.watch.Watch;
import dev.dueline.delivery.watch.WatchSpec;
import dev.dueline.delivery.watch.WatcherSink;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/** The near end of one watcher, as a test wants it. */
final class NearEnd implements BiFunction<WatchSpec, WatcherSink, Uni<Watch>>, Watch {
  final CompletableFuture<WatchSpec> spec = new CompletableFuture<>();
  final CompletableFuture<WatcherSink> sink = new CompletableFuture<>();
  final CompletableFuture<Watch> answer = new CompletableFuture<>();
  final AtomicInteger readies = new AtomicInteger();
  final AtomicInteger leaves = new AtomicInteger();
  final AtomicInteger disconnects = new AtomicInteger();

  @Override
  public Uni<Watch> apply(WatchSpec wanted, WatcherSink far) {
    spec.complete(wanted);
    sink.complete(far);
    return Uni.createFrom().completionStage(answer);
  }

  void connect() {
    answer.complete(this);
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
