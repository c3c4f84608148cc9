package dev.dueline.client;

import dev.dueline.v1.StopWatchOutcome;
import dev.dueline.v1.StopWatchRequest;
import dev.dueline.v1.StopWatchResponse;
import io.grpc.stub.StreamObserver;

/** One StopWatch call; where it succeeds, the stream of the watch says the rest. */
final class StopCall implements StreamObserver<StopWatchResponse> {
  private final Runnable onFailed;

  private StopCall(Runnable onFailed) {
    this.onFailed = onFailed;
  }

  /**
   * Has the service stop a watch.
   *
   * @param watchToken empty: of a service that cannot stop watches
   * @param onFailed called, on a thread of the connection, if the stream may not end for it
   */
  static void send(Connection connection, String watchToken, Runnable onFailed) {
    if (watchToken.isEmpty()) {
      onFailed.run();
      return;
    }
    StopWatchRequest request = StopWatchRequest.newBuilder().setWatchToken(watchToken).build();
    connection.streaming().stopWatch(request, new StopCall(onFailed));
  }

  @Override
  public void onNext(StopWatchResponse answer) {
    if (answer.getOutcome() == StopWatchOutcome.STOP_WATCH_OUTCOME_UNANSWERED) {
      onFailed.run();
    }
  }

  @Override
  public void onError(Throwable failure) {
    onFailed.run();
  }

  @Override
  public void onCompleted() {}
}
