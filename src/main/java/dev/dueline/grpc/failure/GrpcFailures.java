package dev.dueline.grpc.failure;

import com.google.protobuf.util.Durations;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import dev.dueline.delivery.limit.TooManyShardsException;
import dev.dueline.delivery.watch.DrainingException;
import dev.dueline.delivery.watch.RedisStreamQueueException;
import dev.dueline.job.QueueName;
import dev.dueline.operation.queue.IndivisibleLimitsException;
import dev.dueline.operation.queue.QueueNotEmptyException;
import dev.dueline.operation.queue.QueueRefusedException;
import dev.dueline.store.queue.RedisStreamStore;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;

/** The one table from exception or outcome to what clients are told. */
public final class GrpcFailures {
  /**
   * Most bytes of violations in one status: it travels base64-encoded in a header, and clients take
   * 8 KiB of headers by default.
   */
  public static final int MAX_VIOLATION_BYTES = 3_072;

  /** What is said of an end that comes before the first run. */
  public static final String ENDS_EARLY = "must not be before the first run";

  private static final int MAX_MESSAGE_LENGTH = 512;

  /** Another replica takes the call at once; this leaves the client's resolver time to see it. */
  private static final long DRAINING_RETRY_MS = 100;

  /** Memory comes free as jobs are done, or when somebody makes room. */
  static final long FULL_RETRY_MS = 5_000;

  private static final Logger LOG = Logger.getLogger(GrpcFailures.class);

  private GrpcFailures() {}

  /** What a call that ended with an exception fails with. What is not foreseen is logged. */
  public static Failure of(Throwable thrown) {
    if (thrown instanceof InvalidRequestException invalid) {
      return invalid(invalid.violations());
    } else if (thrown instanceof RefusedException refused) {
      return refused.failure();
    } else if (thrown instanceof QueueRefusedException refused) {
      return queueRefused(refused);
    } else if (thrown instanceof QueueNotEmptyException holding) {
      return queueNotEmpty(holding);
    } else if (thrown instanceof IndivisibleLimitsException limits) {
      return invalid(limits);
    } else if (thrown instanceof RedisStreamQueueException stream) {
      return deliveredToStream(stream.queue());
    } else if (thrown instanceof TooManyShardsException shards) {
      return AccessFailures.tooManyWatchedShards(shards);
    } else if (thrown instanceof DrainingException) {
      return draining();
    } else if (thrown instanceof StatusException known) {
      return ofStatus(known.getStatus());
    } else if (thrown instanceof StatusRuntimeException known) {
      return ofStatus(known.getStatus());
    } else if (thrown instanceof CancellationException) {
      return ofStatus(Status.CANCELLED);
    }
    Failure ofStore = StoreFailures.of(thrown);
    if (ofStore != null) {
      return ofStore;
    }
    Throwable cause = thrown.getCause();
    boolean wraps = thrown instanceof CompletionException || thrown instanceof ExecutionException;
    return wraps && cause != null ? of(cause) : bug(thrown);
  }

  /** The same as a status: INTERNAL where none can be made of it, so that no caller waits on. */
  public static StatusException statusOf(Throwable thrown) {
    try {
      return of(thrown).toException();
    } catch (RuntimeException e) {
      return bug(new IllegalStateException("no status for " + thrown.getClass(), e)).toException();
    }
  }

  /** What a status without details says, in our words: one that the framework made. */
  public static Failure ofStatus(Status status) {
    String message = status.getDescription();
    return new Failure(
        Code.forNumber(status.getCode().value()),
        status.getCode().name(),
        message == null ? status.getCode().name() : message,
        Map.of(),
        List.of());
  }

  public static Failure draining() {
    return Failure.of(Reason.DRAINING, "This replica is going away: reconnect to another.")
        .with(retryAfter(DRAINING_RETRY_MS));
  }

  /** The first run of a job to schedule would come after the end of its series. */
  public static Failure endsEarly() {
    return invalid(List.of(violation("recurrence.end_time", ENDS_EARLY)));
  }

  private static Failure queueRefused(QueueRefusedException refused) {
    return switch (refused.reason()) {
      case NOT_FOUND -> queueNotFound(refused.queue());
      case JOBS_LEASED -> jobsLeased(refused.queue());
      case TOO_MANY_STREAM_QUEUES -> tooManyStreams();
      case DELIVERED_TO_STREAM -> deliveredToStream(refused.queue());
    };
  }

  private static Failure queueNotFound(QueueName queue) {
    return Failure.of(
            Reason.QUEUE_NOT_FOUND,
            "There is no queue of this name: it comes to be with its first job.")
        .about("queue", queue.value());
  }

  private static Failure queueNotEmpty(QueueNotEmptyException holding) {
    Failure failure =
        Failure.of(
                Reason.QUEUE_NOT_EMPTY,
                "The queue is not empty, or is in use, and was not deleted: purge it, stop those"
                    + " who schedule its jobs, or delete it with force.")
            .about("queue", holding.queue().value());
    for (Map.Entry<String, Long> each : holding.holds().entrySet()) {
      failure = failure.about(each.getKey(), each.getValue().toString());
    }
    return failure;
  }

  public static Failure queueFull(QueueName queue) {
    return Failure.of(
            Reason.QUEUE_FULL,
            "The queue has as many pending jobs as its limit allows: nothing was done. Try again"
                + " when some are delivered, or raise max_pending_jobs.")
        .about("queue", queue.value())
        .with(retryAfter(FULL_RETRY_MS));
  }

  private static Failure jobsLeased(QueueName queue) {
    return Failure.of(
            Reason.JOBS_LEASED,
            "Watchers hold jobs of this queue: pause it, try again when GetQueue shows no"
                + " leased_jobs, and resume it.")
        .about("queue", queue.value());
  }

  private static Failure tooManyStreams() {
    return Failure.of(
        Reason.TOO_MANY_STREAM_QUEUES,
        String.format(
            Locale.ROOT,
            "%,d queues are delivered to streams already: set others back to watchers.",
            RedisStreamStore.MAX_QUEUES));
  }

  private static Failure deliveredToStream(QueueName queue) {
    return Failure.of(
            Reason.DELIVERED_TO_STREAM,
            "Jobs of this queue go to a Redis Stream: read the stream_keys that GetQueue gives with"
                + " XREADGROUP, or set its delivery back to watchers.")
        .about("queue", queue.value());
  }

  private static Failure invalid(IndivisibleLimitsException limits) {
    String rule = "must be 0, or at least the number of the queue's shards: " + limits.shards();
    List<FieldViolation> violations = new ArrayList<>();
    if (limits.isOutstandingTooLow()) {
      violations.add(violation("limits.max_outstanding_jobs", rule));
    }
    if (limits.isPendingTooLow()) {
      violations.add(violation("limits.max_pending_jobs", rule));
    }
    return invalid(violations);
  }

  private static FieldViolation violation(String field, String description) {
    return FieldViolation.newBuilder().setField(field).setDescription(description).build();
  }

  private static Failure invalid(List<FieldViolation> violations) {
    BadRequest.Builder details = BadRequest.newBuilder();
    int bytes = 0;
    for (FieldViolation violation : violations) {
      bytes += violation.getSerializedSize() + 4;
      if (bytes > MAX_VIOLATION_BYTES) {
        break;
      }
      details.addFieldViolations(violation);
    }
    FieldViolation first = violations.get(0);
    String message = first.getField() + ": " + first.getDescription() + ".";
    int others = violations.size() - 1;
    if (others > 0) {
      message = message + " And " + others + " more, see the details.";
    }
    Failure failure = Failure.of(Reason.INVALID_REQUEST, shorten(message));
    int leftOut = violations.size() - details.getFieldViolationsCount();
    if (leftOut > 0) {
      failure = failure.about("violations_left_out", Integer.toString(leftOut));
    }
    return failure.with(details.build());
  }

  private static Failure bug(Throwable thrown) {
    LOG.error("A call failed for a reason that was not foreseen", thrown);
    return Failure.of(Reason.BUG, "The server made a mistake; its log says which.");
  }

  /** When a call may be made again, at the earliest. */
  static RetryInfo retryAfter(long ms) {
    return RetryInfo.newBuilder().setRetryDelay(Durations.fromMillis(ms)).build();
  }

  private static String shorten(String message) {
    return message.length() <= MAX_MESSAGE_LENGTH
        ? message
        : message.substring(0, MAX_MESSAGE_LENGTH);
  }
}
