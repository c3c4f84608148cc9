package dev.dueline.grpc.queue;

import dev.dueline.grpc.failure.GrpcFailures;
import dev.dueline.operation.queue.Purge.Progress;
import dev.dueline.v1.PurgeQueueResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.smallrye.mutiny.Multi;
import java.time.Duration;

/**
 * One PurgeQueue call: tells of the progress of its purge, at most every 200 ms and as far as the
 * caller reads, and always of the end. The purge ends with the call.
 */
final class PurgeCall {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final ServerCallStreamObserver<PurgeQueueResponse> call;
  private long toldNanos = System.nanoTime();

  private PurgeCall(ServerCallStreamObserver<PurgeQueueResponse> call) {
    this.call = call;
  }

  /** Runs a purge for its caller. */
  static void run(Multi<Progress> purge, ServerCallStreamObserver<PurgeQueueResponse> caller) {
    PurgeCall call = new PurgeCall(caller);
    // Without a handler, writing to a canceled call throws.
    caller.setOnCancelHandler(() -> {});
    caller.setOnCancelHandler(
        purge.subscribe().with(call::progressed, call::failed, call::completed)::cancel);
  }

  private void progressed(Progress progress) {
    boolean isDue = System.nanoTime() - toldNanos >= PAUSE.toNanos() && call.isReady();
    if (!call.isCancelled() && (progress.remaining() == 0 || isDue)) {
      toldNanos = System.nanoTime();
      call.onNext(
          PurgeQueueResponse.newBuilder()
              .setPurgedJobs(progress.purged())
              .setRemainingJobs(progress.remaining())
              .build());
    }
  }

  private void completed() {
    if (!call.isCancelled()) {
      call.onCompleted();
    }
  }

  private void failed(Throwable thrown) {
    if (!call.isCancelled()) {
      call.onError(GrpcFailures.of(thrown).toException());
    }
  }
}
