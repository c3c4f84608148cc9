package dev.dueline.client;

import dev.dueline.v1.AckRequest;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.ExtendLeaseRequest;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.NackRequest;
import java.time.Duration;
import java.util.List;

/**
 * Ends and extends leases, by their tokens, of which one call carries up to 1,000. Answers are in
 * the order of the tokens. Each call waits for its answer, for no longer than the connection's
 * timeout, and is not repeated. Thread-safe.
 */
public final class Leases {
  private final Connection connection;

  /** The leases that the service at the other end has granted. */
  public Leases(Connection connection) {
    this.connection = connection;
  }

  /** Reports jobs as done. */
  public List<LeaseOutcome> ack(List<String> tokens) {
    return connection
        .unary()
        .ack(AckRequest.newBuilder().addAllLeaseTokens(tokens).build())
        .getOutcomesList();
  }

  /** Gives jobs back, in the way that the request says. */
  public List<LeaseOutcome> nack(NackRequest request) {
    return connection.unary().nack(request).getOutcomesList();
  }

  /** Returns jobs to their queue as if they had not been delivered. */
  public List<LeaseOutcome> giveBack(List<DueJob> jobs) {
    NackRequest.Builder request =
        NackRequest.newBuilder()
            .setUncounted(true)
            .setDelay(com.google.protobuf.Duration.getDefaultInstance());
    jobs.forEach(job -> request.addLeaseTokens(job.getLeaseToken()));
    return nack(request.build());
  }

  /** Has leases last so long from now. */
  public List<LeaseOutcome> extend(List<String> tokens, Duration lease) {
    return connection
        .unary()
        .extendLease(
            ExtendLeaseRequest.newBuilder()
                .addAllLeaseTokens(tokens)
                .setLeaseDuration(
                    com.google.protobuf.Duration.newBuilder()
                        .setSeconds(lease.getSeconds())
                        .setNanos(lease.getNano()))
                .build())
        .getOutcomesList();
  }
}
