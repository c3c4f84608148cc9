package dev.dueline.grpc.queue;

import dev.dueline.grpc.failure.GrpcFailures;
import dev.dueline.grpc.failure.InvalidRequestException;
import dev.dueline.job.JobState;
import dev.dueline.store.QueueLayout;
import dev.dueline.store.QueueStore;
import dev.dueline.store.ShardStats;
import dev.dueline.v1.PurgeQueueRequest;
import dev.dueline.v1.PurgeQueueResponse;
import dev.dueline.v1.PurgeState;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** PurgeQueue. */
final class Purging {
  private final QueueChecks checks;
  private final Queues queues;
  private final QueueStore store;

  Purging(QueueChecks checks, Queues queues, QueueStore store) {
    this.checks = checks;
    this.queues = queues;
    this.store = store;
  }

  /** Throws {@link InvalidRequestException}; all else the caller is told. */
  void purge(PurgeQueueRequest request, StreamObserver<PurgeQueueResponse> caller) {
    checks.purge(request);
    ServerCallStreamObserver<PurgeQueueResponse> call =
        (ServerCallStreamObserver<PurgeQueueResponse>) caller;
    // Without a handler, writing to a canceled call throws.
    call.setOnCancelHandler(() -> {});
    JobState state =
        request.getState() == PurgeState.PURGE_STATE_DEAD ? JobState.DEAD : JobState.PENDING;
    queues
        .named(request.getQueue())
        .chain(this::counted)
        .subscribe()
        .with(
            counted -> new Purge(store, state, call).begin(counted.layout.shards(), counted.stats),
            thrown -> {
              if (!call.isCancelled()) {
                call.onError(GrpcFailures.of(thrown).toException());
              }
            });
  }

  private record Counted(QueueLayout layout, List<ShardStats> stats) {}

  private Uni<Counted> counted(QueueLayout layout) {
    return Uni.join()
        .all(layout.shards().stream().map(store::stats).toList())
        .usingConcurrencyOf(16)
        .andFailFast()
        .map(stats -> new Counted(layout, stats));
  }
}
