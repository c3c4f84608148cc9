package dev.dueline.cli.bench.load;

import dev.dueline.client.Connection;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.DisconnectPolicy;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One stream that acknowledges what it brings, each message's jobs in one call. */
public final class AckingWatch
    implements ClientResponseObserver<WatchDueRequest, WatchDueResponse>, AutoCloseable {
  /** Is told of each job. */
  public interface Arrivals {
    /** A job came, for the first time: its number, itself, and when, by this machine, µs. */
    void came(long index, DueJob job, long receivedUs);
  }

  /** Tokens that the contract allows in one call. */
  private static final int MAX_TOKENS = 1_000;

  private final Connection connection;
  private final Jobs jobs;
  private final Deliveries deliveries;
  private final Arrivals arrivals;
  private @Nullable ClientCallStreamObserver<WatchDueRequest> stream;
  private volatile boolean isStarted;
  private volatile @Nullable Status end;

  /** A watch of these jobs, which has yet to {@link #start}. */
  public AckingWatch(Connection connection, Jobs jobs, Deliveries deliveries, Arrivals arrivals) {
    this.connection = connection;
    this.jobs = jobs;
    this.deliveries = deliveries;
    this.arrivals = arrivals;
  }

  /** Watches, and waits until the service says that it does. */
  public void start(int maxOutstanding, Patience patience) throws InterruptedException {
    WatchDueRequest request =
        WatchDueRequest.newBuilder()
            .addQueues(jobs.queue())
            .setMaxOutstandingJobs(maxOutstanding)
            // What a watch of the warm-up did not see goes to the next one at once.
            .setDisconnectPolicy(DisconnectPolicy.DISCONNECT_POLICY_RELEASE)
            .build();
    connection.streaming().watchDue(request, this);
    patience.await(new Phase("connecting the watcher", this::isStarted, () -> 0));
  }

  private boolean isStarted() {
    check();
    return isStarted;
  }

  /**
   * Waits until so many jobs are done.
   *
   * @param quietUntilNanos until when none need come, {@link System#nanoTime}
   * @throws io.grpc.StatusRuntimeException when they do not come, or the stream ends
   */
  public void await(String name, long count, long quietUntilNanos, Patience patience)
      throws InterruptedException {
    patience.await(new Phase(name, () -> isDone(count), jobs::acked, quietUntilNanos));
  }

  private boolean isDone(long count) {
    if (jobs.acked() >= count) {
      return true;
    }
    check();
    return false;
  }

  /** Throws what ended the stream, if it has ended. */
  public void check() {
    Status status = end;
    if (status != null) {
      throw status.asRuntimeException();
    }
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<WatchDueRequest> stream) {
    this.stream = stream;
  }

  @Override
  public void onNext(WatchDueResponse event) {
    switch (event.getEventCase()) {
      case STARTED -> isStarted = true;
      case DUE_JOBS -> take(event.getDueJobs().getJobsList());
      case DRAINING -> end = Status.UNAVAILABLE.withDescription("the server is draining");
      case HEARTBEAT, EVENT_NOT_SET -> {}
    }
  }

  private void take(List<DueJob> due) {
    long receivedUs = WallClock.nowUs();
    for (int from = 0; from < due.size(); from += MAX_TOKENS) {
      acknowledge(due.subList(from, Math.min(due.size(), from + MAX_TOKENS)), receivedUs);
    }
  }

  private void acknowledge(List<DueJob> due, long receivedUs) {
    AckRequest.Builder request = AckRequest.newBuilder();
    long[] indexes = new long[due.size()];
    for (int i = 0; i < indexes.length; i++) {
      DueJob job = due.get(i);
      request.addLeaseTokens(job.getLeaseToken());
      indexes[i] = jobs.indexOf(job.getJobId());
      if (deliveries.came(jobs, indexes[i], job)) {
        arrivals.came(indexes[i], job, receivedUs);
      }
    }
    Answer<AckResponse> answer =
        new Answer<>(
            deliveries.acks(), response -> deliveries.acked(jobs, indexes, response), () -> {});
    connection.streaming().ack(request.build(), answer.begin());
  }

  @Override
  public void onError(Throwable failure) {
    end = Status.fromThrowable(failure);
  }

  @Override
  public void onCompleted() {
    end = Status.UNAVAILABLE.withDescription("the stream was closed");
  }

  /** Ends the stream from this side. */
  @Override
  public void close() {
    if (stream != null) {
      stream.cancel("no longer watching", null);
    }
  }
}
