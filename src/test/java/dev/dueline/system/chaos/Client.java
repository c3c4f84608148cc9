package dev.dueline.system.chaos;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.dueline.system.chaos.History.Answer;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.CancelOutcome;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.CancelResponse;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.ExtendLeaseRequest;
import dev.dueline.v1.ExtendLeaseResponse;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.NackResponse;
import dev.dueline.v1.StopWatchOutcome;
import dev.dueline.v1.StopWatchRequest;
import dev.dueline.v1.StopWatchResponse;
import io.grpc.Status;
import java.time.Instant;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Calls replicas at random, and writes down what it asked and what it was told; no call holds up
 * its caller. Thread-safe.
 */
final class Client {
  static final String QUEUE = "chaos";

  /** A queue whose workers all end by StopWatch, and the beginning of the ids of its jobs. */
  static final String STEADY = "steady";

  private static final Set<Status.Code> LOST =
      Set.of(Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED, Status.Code.CANCELLED);

  private final Replicas replicas;
  private final History history;
  private final StoreTime time;
  private final SplittableRandom seeds;
  private final AtomicInteger open = new AtomicInteger();

  Client(Replicas replicas, History history, StoreTime time, long seed) {
    this.replicas = replicas;
    this.history = history;
    this.time = time;
    this.seeds = new SplittableRandom(seed);
  }

  /** A generator of the caller's own. */
  synchronized RandomGenerator random() {
    return seeds.split();
  }

  /** Whether the answer to each call is in the history, or that there is none. */
  boolean isQuiet() {
    return open.get() == 0;
  }

  private long begin() {
    open.incrementAndGet();
    return nowUs();
  }

  private void end(History.Event event) {
    history.add(event);
    open.decrementAndGet();
  }

  void cancel(String queue, String job, boolean isForced) {
    CancelRequest request =
        CancelRequest.newBuilder().setQueue(queue).setJobId(job).setCancelLeased(isForced).build();
    long called = begin();
    Unary<CancelResponse> reply = new Unary<>();
    replicas.any(random()).cancel(request, reply);
    reply.whenComplete(
        (response, failure) -> {
          Answer answer =
              failure != null
                  ? unknown("Cancel", failure)
                  : response.getOutcome() == CancelOutcome.CANCEL_OUTCOME_CANCELED
                      ? Answer.YES
                      : Answer.NO;
          end(new History.Canceled(job, isForced, called, nowUs(), answer));
        });
  }

  void ack(String token) {
    AckRequest request = AckRequest.newBuilder().addLeaseTokens(token).build();
    long called = begin();
    Unary<AckResponse> reply = new Unary<>();
    replicas.any(random()).ack(request, reply);
    reply.whenComplete(
        (response, failure) -> {
          Answer answer =
              failure != null ? unknown("Ack", failure) : answer(response.getOutcomes(0));
          end(new History.Acked(token, called, nowUs(), answer));
        });
  }

  void nack(String token, boolean isCounted, long delayMs) {
    NackRequest.Builder request =
        NackRequest.newBuilder().addLeaseTokens(token).setUncounted(!isCounted).setReason("chaos");
    if (delayMs > 0) {
      request.setDelay(ms(delayMs));
    }
    long called = begin();
    Unary<NackResponse> reply = new Unary<>();
    replicas.any(random()).nack(request.build(), reply);
    reply.whenComplete(
        (response, failure) -> {
          Answer answer =
              failure != null ? unknown("Nack", failure) : answer(response.getOutcomes(0));
          end(new History.Nacked(token, called, answer));
        });
  }

  void extend(String token, long leaseMs) {
    ExtendLeaseRequest request =
        ExtendLeaseRequest.newBuilder().addLeaseTokens(token).setLeaseDuration(ms(leaseMs)).build();
    long called = begin();
    Unary<ExtendLeaseResponse> reply = new Unary<>();
    replicas.any(random()).extendLease(request, reply);
    reply.whenComplete(
        (response, failure) -> {
          if (failure != null) {
            Answer answer =
                isFull("ExtendLease", called, failure)
                    ? Answer.NO
                    : unknown("ExtendLease", failure);
            end(new History.Extended(token, called, nowUs(), answer, 0));
          } else {
            long expiry = time.machineMs(response.getLeaseExpireTime());
            Answer answer = answer(response.getOutcomes(0));
            end(new History.Extended(token, called, nowUs(), answer, expiry));
          }
        });
  }

  /** Asks any replica to end that watch; UNANSWERED too if there is no answer at all. */
  CompletableFuture<StopWatchOutcome> stopWatch(String watcher, String token, long timeoutMs) {
    StopWatchRequest request =
        StopWatchRequest.newBuilder().setWatchToken(token).setTimeout(ms(timeoutMs)).build();
    long called = begin();
    Unary<StopWatchResponse> reply = new Unary<>();
    replicas.any(random()).stopWatch(request, reply);
    return reply.handle(
        (response, failure) -> {
          StopWatchOutcome outcome = StopWatchOutcome.STOP_WATCH_OUTCOME_UNANSWERED;
          if (failure == null) {
            outcome = response.getOutcome();
          } else {
            unknown("StopWatch", failure);
          }
          boolean isKnown = outcome != StopWatchOutcome.STOP_WATCH_OUTCOME_UNANSWERED;
          long endUs = called + timeoutMs * 1_000;
          end(
              new History.StopAsked(
                  watcher, nowUs(), isKnown ? Answer.YES : Answer.UNKNOWN, endUs));
          return outcome;
        });
  }

  void received(String watcher, DueJob job) {
    long offsetMs = time.offsetMs(job.getDispatchTime());
    history.add(
        new History.Delivered(
            job.getJobId(),
            watcher,
            job.getLeaseToken(),
            job.getAttempt(),
            millis(job.getDueTime()) - offsetMs,
            millis(job.getDispatchTime()) - offsetMs,
            millis(job.getLeaseExpireTime()) - offsetMs,
            nowUs()));
  }

  /** How Redis's times are told from those of the machine. */
  StoreTime time() {
    return time;
  }

  static Duration ms(long ms) {
    return Durations.fromMillis(ms);
  }

  static long nowUs() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }

  static long millis(Timestamp time) {
    return Timestamps.toMillis(time);
  }

  /** Notes a refusal for want of memory; false: the failure is another. */
  boolean isFull(String call, long calledUs, Throwable failure) {
    if (Status.fromThrowable(failure).getCode() != Status.Code.RESOURCE_EXHAUSTED) {
      return false;
    }
    history.add(new History.Full(call, calledUs, nowUs()));
    return true;
  }

  /** A call whose answer was lost may have happened; nothing else may fail. */
  Answer unknown(String call, Throwable failure) {
    if (!LOST.contains(Status.fromThrowable(failure).getCode())) {
      history.add(new History.Refused(call + " at " + Instant.now() + ": " + failure));
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
