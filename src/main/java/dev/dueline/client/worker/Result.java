package dev.dueline.client.worker;

import com.google.protobuf.ByteString;
import dev.dueline.v1.NackRequest;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of a job. A handler that fails with an exception retries its job by its retry
 * policy, with the exception's message as the reason.
 */
public final class Result {
  /** What the contract allows for a reason, in bytes of UTF-8. */
  private static final int MAX_REASON_BYTES = 1_024;

  private static final Result DONE = new Result(Settlement.ACKED, null, "");
  private static final Result GIVE_BACK = new Result(Settlement.GIVEN_BACK, Duration.ZERO, "");

  private final Settlement settlement;
  private final @Nullable Duration delay;
  private final String reason;

  private Result(Settlement settlement, @Nullable Duration delay, String reason) {
    this.settlement = settlement;
    this.delay = delay;
    this.reason = cut(reason);
  }

  /** The job is done, and removed. */
  public static Result done() {
    return DONE;
  }

  /** The job is tried again after a delay of the handler's, 0 at least; the attempt counts. */
  public static Result retryIn(Duration delay) {
    return new Result(Settlement.NACKED, delay.isNegative() ? Duration.ZERO : delay, "");
  }

  /** The job is tried again by its retry policy; the reason is kept with it, for people. */
  public static Result failed(String reason) {
    return new Result(Settlement.NACKED, null, reason);
  }

  /** The job goes to the dead jobs of its queue; the reason is kept with it, for people. */
  public static Result dead(String reason) {
    return new Result(Settlement.DEAD, null, reason);
  }

  /** The job is due again at once, as if it had not been delivered. */
  public static Result giveBack() {
    return GIVE_BACK;
  }

  /** What a handler ended with, where it may have failed, or ended with nothing. */
  static Result of(@Nullable Result result, @Nullable Throwable failure) {
    if (failure != null) {
      return of(failure);
    }
    return result == null ? failed("the handler returned null") : result;
  }

  /** What a handler's failure means: a retry by policy. */
  private static Result of(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    return failed(message == null || message.isEmpty() ? cause.getClass().getName() : message);
  }

  private static String cut(String reason) {
    ByteString bytes = ByteString.copyFromUtf8(reason);
    int end = Math.min(bytes.size(), MAX_REASON_BYTES);
    while (!bytes.substring(0, end).isValidUtf8()) {
      end--;
    }
    return bytes.substring(0, end).toStringUtf8();
  }

  /** Jobs with equal results can be told of in one call. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Result result
        && settlement == result.settlement
        && Objects.equals(delay, result.delay)
        && reason.equals(result.reason);
  }

  @Override
  public int hashCode() {
    return Objects.hash(settlement, delay, reason);
  }

  /** Whether the handler said when the job is tried again. */
  boolean hasDelay() {
    return settlement == Settlement.NACKED && delay != null;
  }

  /** What the job is once the service has taken it so. */
  Settlement settlement() {
    return settlement;
  }

  /** The request that says it of no jobs yet; not for {@link #done}. */
  NackRequest.Builder toNack() {
    NackRequest.Builder nack =
        NackRequest.newBuilder()
            .setDead(settlement == Settlement.DEAD)
            .setUncounted(settlement == Settlement.GIVEN_BACK)
            .setReason(reason);
    if (delay != null) {
      nack.getDelayBuilder().setSeconds(delay.getSeconds()).setNanos(delay.getNano());
    }
    return nack;
  }
}
