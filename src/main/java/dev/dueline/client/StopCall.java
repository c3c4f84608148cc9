package dev.dueline.client;

import dev.dueline.v1.StopWatchOutcome;
import dev.dueline.v1.StopWatchRequest;
import dev.dueline.v1.StopWatchResponse;
import io.grpc.Status;
import java.time.Duration;

/**
 * A StopWatch call, made again for two seconds where a replica is away, or does not learn what
 * became of the watch; where it succeeds, the stream of the watch says the rest.
 */
public final class StopCall {
  /** A process that is to end has little time. */
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** A replica asks another for a second before it says that it was not answered. */
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofMillis(1_500);

  private final Retries retries;
  private final StopWatchRequest request;
  private final Runnable onFailed;
  private final long endNanos = System.nanoTime() + TIMEOUT.toNanos();

  private StopCall(Connection connection, StopWatchRequest request, Runnable onFailed) {
    this.retries = new Retries(connection, TIMEOUT, ATTEMPT_TIMEOUT, (Status status) -> {});
    this.request = request;
    this.onFailed = onFailed;
  }

  /**
   * Has the service stop a watch.
   *
   * @param watchToken empty: of a service that cannot stop watches
   * @param onFailed called, on any thread, if the stream may not end for it
   */
  public static void send(Connection connection, String watchToken, Runnable onFailed) {
    if (watchToken.isEmpty()) {
      onFailed.run();
      return;
    }
    StopWatchRequest request = StopWatchRequest.newBuilder().setWatchToken(watchToken).build();
    new StopCall(connection, request, onFailed).send();
  }

  private void send() {
    var unused =
        retries
            .<StopWatchResponse>call((stub, answer) -> stub.stopWatch(request, answer), true)
            .whenComplete((answer, failure) -> answered(answer, failure != null));
  }

  private void answered(StopWatchResponse answer, boolean isFailed) {
    if (isFailed) {
      onFailed.run();
    } else if (answer.getOutcome() == StopWatchOutcome.STOP_WATCH_OUTCOME_UNANSWERED) {
      if (System.nanoTime() < endNanos) {
        send();
      } else {
        onFailed.run();
      }
    }
  }
}
