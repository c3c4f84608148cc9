package dev.dueline.cli.bench.load;

import dev.dueline.client.Connection;
import dev.dueline.client.WatchListener;
import dev.dueline.client.WatchStream;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.DisconnectPolicy;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.WatchDueRequest;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One stream that acknowledges what it brings, each message's jobs in one call. */
public final class AckingWatch implements WatchListener, AutoCloseable {
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
  private @Nullable WatchStream stream;
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
  public void start(int maxOutstanding, PhaseTimeout timeout) throws InterruptedException {
    WatchDueRequest request =
        WatchDueRequest.newBuilder()
            .addQueues(jobs.queue())
            .setMaxOutstandingJobs(maxOutstanding)
            // What a watch of the warm-up did not see goes to the next one at once.
            .setDisconnectPolicy(DisconnectPolicy.DISCONNECT_POLICY_RELEASE)
            .build();
    stream = WatchStream.open(connection.streaming(), request, this);
    timeout.await(new Phase("connecting the watcher", this::isStarted, () -> 0));
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
  public void await(String name, long count, long quietUntilNanos, PhaseTimeout timeout)
      throws InterruptedException {
    timeout.await(new Phase(name, () -> isDone(count), jobs::acked, quietUntilNanos));
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
  public void started(Duration heartbeat) {
    isStarted = true;
  }

  @Override
  public void due(List<DueJob> due) {
    long receivedUs = WallClock.nowUs();
    for (int from = 0; from < due.size(); from += MAX_TOKENS) {
      acknowledge(due.subList(from, Math.min(due.size(), from + MAX_TOKENS)), receivedUs);
    }
  }

  @Override
  public void draining(String reason) {
    end = Status.UNAVAILABLE.withDescription("the server is draining");
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
  public void ended(Status status) {
    end = status;
  }

  /** Ends the stream from this side. */
  @Override
  public void close() {
    if (stream != null) {
      stream.close();
    }
  }
}
