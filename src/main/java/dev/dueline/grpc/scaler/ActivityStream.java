package dev.dueline.grpc.scaler;

import dev.dueline.grpc.call.ConnectionAge;
import dev.dueline.grpc.failure.AccessFailures;
import dev.dueline.grpc.failure.GrpcFailures;
import dev.dueline.operation.scaling.ActivityEnd;
import dev.dueline.operation.scaling.ActivitySink;
import dev.dueline.operation.scaling.ActivityWatch;
import dev.dueline.operation.scaling.ActivityWatches;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.keda.externalscaler.IsActiveResponse;

/**
 * One StreamIsActive call. It is written to on the loop alone. On a connection that has grown old
 * it ends, so that KEDA asks another replica.
 */
final class ActivityStream implements ActivitySink {
  private final ServerCallStreamObserver<IsActiveResponse> call;
  private final Optional<ConnectionAge> age = ConnectionAge.current();
  private volatile @Nullable ActivityWatch watch;

  /** Takes over a call; on the thread that gRPC began it on. */
  ActivityStream(ServerCallStreamObserver<IsActiveResponse> call) {
    this.call = call;
    call.setOnCancelHandler(this::canceled);
  }

  /** Ends the watch with the call. On the thread that gRPC began the call on. */
  void follow(ActivityWatch begun) {
    watch = begun;
  }

  private void canceled() {
    ActivityWatch begun = watch;
    if (begun != null) {
      begun.cancel();
    }
  }

  @Override
  public boolean tell(boolean isActive) {
    if (call.isCancelled() || !call.isReady()) {
      return false;
    }
    call.onNext(ScalerService.answer(isActive));
    return true;
  }

  @Override
  public boolean isOld() {
    return age.map(left -> left.untilDraining().isZero()).orElse(false);
  }

  @Override
  public void end(ActivityEnd why) {
    if (call.isCancelled()) {
      return;
    }
    switch (why) {
      case LEFT -> call.onCompleted();
      case DRAINING -> call.onError(GrpcFailures.draining().toException());
      case TOO_MANY ->
          call.onError(AccessFailures.tooManyActivityWatches(ActivityWatches.MAX).toException());
    }
  }
}
