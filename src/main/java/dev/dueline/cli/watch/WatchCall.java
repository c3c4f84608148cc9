package dev.dueline.cli.watch;

import dev.dueline.cli.remote.Connection;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * One stream. Its events go to the inbox one at a time: the next comes only after {@link
 * #requestNext}, so that an output that stalls holds the service back and not this memory.
 */
final class WatchCall implements ClientResponseObserver<WatchDueRequest, WatchDueResponse> {
  private final BlockingQueue<Signal> inbox;
  private @Nullable ClientCallStreamObserver<WatchDueRequest> stream;

  private WatchCall(BlockingQueue<Signal> inbox) {
    this.inbox = inbox;
  }

  static WatchCall start(
      Connection connection, WatchDueRequest request, BlockingQueue<Signal> inbox) {
    WatchCall call = new WatchCall(inbox);
    connection.streaming().watchDue(request, call);
    return call;
  }

  /** Runs within {@link #start}, before anything else. */
  @Override
  public void beforeStart(ClientCallStreamObserver<WatchDueRequest> stream) {
    this.stream = stream;
    stream.disableAutoRequestWithInitial(1);
  }

  @Override
  public void onNext(WatchDueResponse event) {
    inbox.add(new Signal.Received(this, event, Instant.now()));
  }

  @Override
  public void onError(Throwable failure) {
    inbox.add(new Signal.Ended(this, Status.fromThrowable(failure)));
  }

  @Override
  public void onCompleted() {
    inbox.add(new Signal.Ended(this, Status.UNAVAILABLE.withDescription("the stream was closed")));
  }

  void requestNext() {
    if (stream != null) {
      stream.request(1);
    }
  }

  /** Ends the stream from this side; without effect on one that is over. */
  void cancel() {
    if (stream != null) {
      stream.cancel("no longer watching", null);
    }
  }
}
