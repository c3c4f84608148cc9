package dev.dueline.cli.bench.load;

import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;

/** The answer to one call at a time, and the time it took; goes on when the call is over. */
public final class Answer<R> implements StreamObserver<R> {
  private final Calls calls;
  private final Consumer<R> taker;
  private final Runnable whenOver;
  private long startNanos;

  /**
   * An answer.
   *
   * @param calls where the call counts
   * @param taker of what the service says
   * @param whenOver runs at the end of each call
   */
  public Answer(Calls calls, Consumer<R> taker, Runnable whenOver) {
    this.calls = calls;
    this.taker = taker;
    this.whenOver = whenOver;
  }

  /** The time of the next call runs from now. Gives this. */
  public Answer<R> begin() {
    startNanos = System.nanoTime();
    return this;
  }

  @Override
  public void onNext(R response) {
    taker.accept(response);
  }

  @Override
  public void onError(Throwable failure) {
    calls.failed(failure);
    whenOver.run();
  }

  @Override
  public void onCompleted() {
    calls.succeeded(startNanos);
    whenOver.run();
  }
}
