package dev.dueline.client.producer;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.dueline.v1.ConflictPolicy;
import dev.dueline.v1.RetryPolicy;
import dev.dueline.v1.ScheduleRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** A job to be stored, due at once unless it is told otherwise. Not thread-safe. */
public final class NewJob {
  private final ScheduleRequest.Builder request;

  private NewJob(ScheduleRequest.Builder request) {
    this.request = request;
  }

  /** A job of a queue, without id or payload. */
  public static NewJob of(String queue) {
    return new NewJob(ScheduleRequest.newBuilder().setQueue(queue));
  }

  /** Its id; without one the service makes one. */
  public NewJob id(String id) {
    request.setJobId(id);
    return this;
  }

  /** What its worker is given. */
  public NewJob payload(byte[] bytes) {
    request.setPayload(ByteString.copyFrom(bytes));
    return this;
  }

  /** What its worker is given, as UTF-8. */
  public NewJob payload(String text) {
    request.setPayload(ByteString.copyFromUtf8(text));
    return this;
  }

  /** Due so long after it is stored. */
  public NewJob in(Duration delay) {
    request.setDelay(toProto(delay));
    return this;
  }

  /** Due at a time. */
  public NewJob at(Instant time) {
    request.setDueTime(
        Timestamp.newBuilder().setSeconds(time.getEpochSecond()).setNanos(time.getNano()));
    return this;
  }

  /** Runs again and again by a cron expression in a time zone, an IANA name. */
  public NewJob cron(String expression, String timeZone) {
    request.getRecurrenceBuilder().setCron(expression).setTimeZone(timeZone);
    return this;
  }

  /** Runs again and again, so long from due time to due time. */
  public NewJob every(Duration interval) {
    request.getRecurrenceBuilder().setInterval(toProto(interval));
    return this;
  }

  /** Adds attributes. */
  public NewJob attributes(Map<String, String> values) {
    request.putAllAttributes(values);
    return this;
  }

  /** When and how often it is tried again. */
  public NewJob retry(RetryPolicy policy) {
    request.setRetryPolicy(policy);
    return this;
  }

  /** Dropped when it is not delivered so long after its due time. */
  public NewJob ttl(Duration ttl) {
    request.setTtl(toProto(ttl));
    return this;
  }

  /** What is done when a job has its id. */
  public NewJob onConflict(ConflictPolicy policy) {
    request.setConflictPolicy(policy);
    return this;
  }

  /** Names the request, for a caller that repeats it itself; without one a name is made. */
  public NewJob requestId(String id) {
    request.setRequestId(id);
    return this;
  }

  /** The request that stores it; what else the contract has can be set there. */
  public ScheduleRequest toRequest() {
    return request.build();
  }

  private static com.google.protobuf.Duration toProto(Duration duration) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }
}
