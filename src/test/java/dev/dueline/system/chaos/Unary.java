package dev.dueline.system.chaos;

import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;

/** The one answer to a call, or its failure. */
final class Unary<T> extends CompletableFuture<T> implements StreamObserver<T> {
  @Override
  public void onNext(T answer) {
    complete(answer);
  }

  @Override
  public void onError(Throwable failure) {
    completeExceptionally(failure);
  }

  @Override
  public void onCompleted() {
    // An answer without a value is none; one with a value has come already.
    completeExceptionally(new IllegalStateException("a call ended without an answer"));
  }
}
