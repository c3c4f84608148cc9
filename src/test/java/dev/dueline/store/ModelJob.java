package dev.dueline.store;

import dev.dueline.job.Due;
import dev.dueline.job.Failures;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.NewJob;
import dev.dueline.job.StoredJob;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.job.recurrence.Runs;
import dev.dueline.job.recurrence.Series;
import dev.dueline.store.call.JobPage.Position;
import dev.dueline.store.redis.layout.RecordCodec;
import java.util.Arrays;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One live job of the model. */
final class ModelJob {
  /** What a record has beyond the request: layout, due time, time of creation. */
  private static final int HEADER_BYTES = 13;

  final NewJob request;
  final long createMs;

  /** The due time that was asked for, or set by Reschedule. */
  long dueMs;

  JobState state = JobState.PENDING;

  /** Pending: the due time; leased: the expiry of the lease; dead: the time of death. */
  long stateMs;

  int failedAttempts;
  String lastFailure = "";

  /** Of the attempts that failedAttempts counts. */
  String firstFailure = "";

  /** When the first of them ended; {@link Failures#NEVER}: there is none. */
  long firstFailureMs;

  /** When the last delivery fell due. */
  long deliveryDueMs;

  /** Of a recurring job. */
  Runs runs = Runs.NONE;

  /** Of the lease in force. */
  @Nullable LeaseId leaseId;

  ModelJob(NewJob request, long dueMs, long createMs) {
    this.request = request;
    this.dueMs = dueMs;
    this.stateMs = dueMs;
    this.createMs = createMs;
  }

  JobId id() {
    return request.id();
  }

  /** The place of the job in the index of its state. */
  Position place() {
    return new Position(stateMs, id());
  }

  long dueInForceMs() {
    return switch (state) {
      case PENDING -> stateMs;
      case LEASED, DEAD -> deliveryDueMs;
    };
  }

  /** Whether there is something to remember of deliveries. */
  boolean hasDelivery() {
    return state != JobState.PENDING || failedAttempts > 0 || !lastFailure.isEmpty();
  }

  /** Whether it waits for at most its ttl. */
  boolean hasWaitEnd() {
    return state == JobState.PENDING && request.ttlMs() > 0 && failedAttempts == 0;
  }

  /** The first time at which its wait is over. */
  long waitEndMs() {
    return stateMs + request.ttlMs() + 1;
  }

  /** Whether its lease ran out, or its ttl has passed, and nobody has ended it yet. */
  boolean isOver(long nowMs) {
    return state == JobState.LEASED ? stateMs <= nowMs : hasWaitEnd() && waitEndMs() <= nowMs;
  }

  boolean isPastTtl(long nowMs) {
    return request.ttlMs() > 0 && failedAttempts == 0 && nowMs > stateMs + request.ttlMs();
  }

  /** Whether a request is the one that stored this job, from whatever trace. */
  boolean isStoredBy(NewJob other) {
    boolean areByRule = request.due() instanceof Due.ByRule && other.due() instanceof Due.ByRule;
    return (areByRule || request.due().equals(other.due()))
        && Objects.equals(request.recurrence(), other.recurrence())
        && request.ttlMs() == other.ttlMs()
        && request.attributes().equals(other.attributes())
        && Objects.equals(request.retryPolicy(), other.retryPolicy())
        && Arrays.equals(request.payload(), other.payload());
  }

  /** A delivery has failed, or was given back, with this reason. */
  void fail(boolean isCounted, String reason, long nowMs) {
    if (isCounted && failedAttempts == 0) {
      firstFailure = reason;
      firstFailureMs = nowMs;
    }
    failedAttempts += isCounted ? 1 : 0;
    lastFailure = reason.isEmpty() ? lastFailure : reason;
  }

  /** Its attempts begin anew. */
  void forgetAttempts() {
    failedAttempts = 0;
    firstFailure = "";
    firstFailureMs = Failures.NEVER;
  }

  Failures failures() {
    return new Failures(lastFailure, firstFailure, firstFailureMs);
  }

  StoredJob stored(boolean withPayload) {
    return new StoredJob(
        id(),
        dueMs,
        createMs,
        request.ttlMs(),
        request.retryPolicy(),
        attributes(),
        withPayload ? request.payload() : new byte[0],
        request.recurrence() == null ? null : new Series(request.recurrence(), runs));
  }

  SortedMap<String, String> attributes() {
    SortedMap<String, String> attributes = new TreeMap<>(request.attributes());
    if (request.trace() != null) {
      attributes.put("traceparent", request.trace().toString());
    }
    return attributes;
  }

  JobView view(boolean withPayload) {
    return new JobView(
        stored(withPayload), state, dueInForceMs(), stateMs, failedAttempts, failures());
  }

  /** Bytes that the job takes in a reply of the store. */
  long size(boolean withPayload) {
    int request = HEADER_BYTES + RecordCodec.encode(this.request).length;
    return withPayload ? request : request - this.request.payload().length;
  }

  /** When a job falls due: a delay is rounded up, so that it is never shorter than asked for. */
  static long resolve(Due due, long nowUs) {
    return due instanceof Due.After ? Math.floorDiv(nowUs + 999, 1000L) + due.ms() : due.ms();
  }
}
