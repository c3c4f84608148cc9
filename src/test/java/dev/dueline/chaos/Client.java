package dev.dueline.chaos;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.dueline.chaos.History.Answer;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.CancelOutcome;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.ExtendLeaseRequest;
import dev.dueline.v1.ExtendLeaseResponse;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.RetryPolicy;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Calls replicas at random, and writes down what it asked and what it was told. Thread-safe. */
final class Client {
  static final String QUEUE = "chaos";

  private static final Set<Status.Code> LOST =
      Set.of(Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED, Status.Code.CANCELLED);

  private final Replicas replicas;
  private final History history;
  private final SplittableRandom seeds;

  Client(Replicas replicas, History history, long seed) {
    this.replicas = replicas;
    this.history = history;
    this.seeds = new SplittableRandom(seed);
  }

  /** A generator of the caller's own. */
  synchronized RandomGenerator random() {
    return seeds.split();
  }

  void schedule(String job, long delayMs, boolean isDelay) {
    RetryPolicy policy =
        RetryPolicy.newBuilder().setMaxAttempts(50).setInitialBackoff(ms(100)).build();
    ScheduleRequest.Builder request =
        ScheduleRequest.newBuilder().setQueue(QUEUE).setJobId(job).setRetryPolicy(policy);
    if (isDelay) {
      request.setDelay(ms(delayMs));
    } else {
      request.setDueTime(Timestamps.fromMillis(nowUs() / 1_000 + delayMs));
    }
    long earliestMs = nowUs() / 1_000 + (isDelay ? delayMs : 0);
    try {
      ScheduleResponse response = replicas.any(random()).schedule(request.build());
      long dueMs = Timestamps.toMillis(response.getDueTime());
      history.add(new History.Scheduled(job, Answer.YES, Math.max(dueMs, earliestMs)));
    } catch (StatusRuntimeException e) {
      history.add(new History.Scheduled(job, unknown(e), 0));
    }
  }

  void cancel(String job, boolean isForced) {
    CancelRequest request =
        CancelRequest.newBuilder().setQueue(QUEUE).setJobId(job).setCancelLeased(isForced).build();
    long called = nowUs();
    Answer answer;
    try {
      CancelOutcome outcome = replicas.any(random()).cancel(request).getOutcome();
      answer = outcome == CancelOutcome.CANCEL_OUTCOME_CANCELED ? Answer.YES : Answer.NO;
    } catch (StatusRuntimeException e) {
      answer = unknown(e);
    }
    history.add(new History.Canceled(job, isForced, called, nowUs(), answer));
  }

  void ack(String token) {
    long called = nowUs();
    Answer answer;
    try {
      AckRequest request = AckRequest.newBuilder().addLeaseTokens(token).build();
      answer = answer(replicas.any(random()).ack(request).getOutcomes(0));
    } catch (StatusRuntimeException e) {
      answer = unknown(e);
    }
    history.add(new History.Acked(token, called, nowUs(), answer));
  }

  void nack(String token, boolean isCounted, long delayMs) {
    NackRequest.Builder request =
        NackRequest.newBuilder().addLeaseTokens(token).setUncounted(!isCounted).setReason("chaos");
    if (delayMs > 0) {
      request.setDelay(ms(delayMs));
    }
    long called = nowUs();
    Answer answer;
    try {
      answer = answer(replicas.any(random()).nack(request.build()).getOutcomes(0));
    } catch (StatusRuntimeException e) {
      answer = unknown(e);
    }
    history.add(new History.Nacked(token, called, answer));
  }

  void extend(String token, long leaseMs) {
    ExtendLeaseRequest request =
        ExtendLeaseRequest.newBuilder().addLeaseTokens(token).setLeaseDuration(ms(leaseMs)).build();
    long called = nowUs();
    try {
      ExtendLeaseResponse response = replicas.any(random()).extendLease(request);
      long expiry = Timestamps.toMillis(response.getLeaseExpireTime());
      history.add(new History.Extended(token, called, answer(response.getOutcomes(0)), expiry));
    } catch (StatusRuntimeException e) {
      history.add(new History.Extended(token, called, unknown(e), 0));
    }
  }

  void received(String watcher, DueJob job) {
    history.add(
        new History.Delivered(
            job.getJobId(),
            watcher,
            job.getLeaseToken(),
            job.getAttempt(),
            millis(job.getDueTime()),
            millis(job.getDispatchTime()),
            millis(job.getLeaseExpireTime()),
            nowUs()));
  }

  static Duration ms(long ms) {
    return Durations.fromMillis(ms);
  }

  static long nowUs() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }

  private static long millis(Timestamp time) {
    return Timestamps.toMillis(time);
  }

  /** A call whose answer was lost with a replica may have happened; nothing else may fail. */
  Answer unknown(StatusRuntimeException failure) {
    if (!LOST.contains(failure.getStatus().getCode())) {
      history.add(new History.Refused(failure.toString()));
    }
    return Answer.UNKNOWN;
  }

  private Answer answer(LeaseOutcome outcome) {
    if (outcome == LeaseOutcome.LEASE_OUTCOME_INVALID) {
      history.add(new History.Refused("a token of ours is invalid"));
    }
    return outcome == LeaseOutcome.LEASE_OUTCOME_OK ? Answer.YES : Answer.NO;
  }
}
