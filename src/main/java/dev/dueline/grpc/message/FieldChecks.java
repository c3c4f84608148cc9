package dev.dueline.grpc.message;

import com.google.protobuf.Duration;
import com.google.protobuf.ProtocolMessageEnum;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import com.google.rpc.BadRequest.FieldViolation;
import dev.dueline.grpc.failure.InvalidRequestException;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks of the fields of one request, and all that they found to be wrong. */
public final class FieldChecks {
  private final List<FieldViolation> violations;
  private final String prefix;

  /** Nothing is wrong yet. */
  public FieldChecks() {
    this(new ArrayList<>(), "");
  }

  private FieldChecks(List<FieldViolation> violations, String prefix) {
    this.violations = violations;
    this.prefix = prefix;
  }

  /** The same checks, of the fields inside a message field of the request. */
  public FieldChecks in(String field) {
    return new FieldChecks(violations, prefix + field + ".");
  }

  /**
   * Adds a violation, unless the field is valid.
   *
   * @param description for people; never repeats what the caller sent
   */
  public void require(boolean isValid, String field, String description) {
    if (!isValid) {
      violations.add(
          FieldViolation.newBuilder().setField(prefix + field).setDescription(description).build());
    }
  }

  /** Ends the request if anything is wrong with it. */
  public void throwIfAny() {
    if (!violations.isEmpty()) {
      throw exception();
    }
  }

  /** What ends the request, of which something is wrong. */
  public InvalidRequestException exception() {
    return new InvalidRequestException(violations);
  }

  public void queue(String field, String name) {
    require(
        QueueName.isValid(name),
        field,
        "must be 1 to " + QueueName.MAX_LENGTH + " of A-Z a-z 0-9 . _ - : /");
  }

  /** The beginning of a name of a queue, or what may be named as queues are; empty where unset. */
  public void queueOrEmpty(String field, String name) {
    require(
        name.isEmpty() || QueueName.isValid(name),
        field,
        "must be at most " + QueueName.MAX_LENGTH + " of A-Z a-z 0-9 . _ - : /");
  }

  public void queues(List<String> names, int most) {
    if (!count("queues", names.size(), most)) {
      return;
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      String field = "queues[" + i + "]";
      queue(field, names.get(i));
      require(seen.add(names.get(i)), field, "must not be named twice");
    }
  }

  public void jobId(String id) {
    jobId("job_id", id);
  }

  public void jobId(String field, String id) {
    require(
        JobId.isValid(id),
        field,
        "must be 1 to " + JobId.MAX_BYTES + " bytes of UTF-8 without control characters");
  }

  /** Whether a list has 1 to so many items. */
  public boolean count(String field, int count, int most) {
    boolean isValid = count >= 1 && count <= most;
    require(isValid, field, "must have 1 to " + most + " items, has " + count);
    return isValid;
  }

  /** A number that must be within bounds; where 0 stands for a default, the bounds include it. */
  public void number(String field, long value, long least, long most) {
    require(value >= least && value <= most, field, "must be " + least + " to " + most);
  }

  /** A duration within bounds, which it may touch. */
  public void duration(
      String field, Duration value, java.time.Duration least, java.time.Duration most) {
    boolean isValid = Durations.isValid(value);
    require(isValid, field, "must be a valid duration: seconds and nanos in range, of one sign");
    if (isValid) {
      java.time.Duration exact = Times.exact(value);
      require(
          exact.compareTo(least) >= 0 && exact.compareTo(most) <= 0,
          field,
          "must be " + exactly(least) + " to " + exactly(most));
    }
  }

  public void timestamp(String field, Timestamp value) {
    require(
        Timestamps.isValid(value),
        field,
        "must be a valid timestamp: the years 1 to 9999, nanos 0 to 999,999,999");
  }

  /** A due time: at most the last millisecond of the year 9999, to which it is rounded up. */
  public void dueTime(Timestamp value) {
    timestamp("due_time", value);
    require(
        !Timestamps.isValid(value) || Times.roundUpToMs(value) <= Due.MAX_MS,
        "due_time",
        "must be at most 9999-12-31T23:59:59.999Z");
  }

  public void text(String field, String value, int mostBytes) {
    require(
        value.getBytes(StandardCharsets.UTF_8).length <= mostBytes,
        field,
        "must be at most " + mostBytes + " bytes of UTF-8");
  }

  /** An enum value that this version knows. */
  public void known(String field, ProtocolMessageEnum value) {
    require(
        !"UNRECOGNIZED".equals(((Enum<?>) value).name()),
        field,
        "must be a value that this version of the API has");
  }

  /** A bound in the largest unit that tells it exactly. */
  private static String exactly(java.time.Duration bound) {
    int nanos = bound.getNano();
    if (nanos == 0) {
      return bound.getSeconds() + " s";
    }
    return nanos % 1_000_000 == 0 ? bound.toMillis() + " ms" : bound.toNanos() + " ns";
  }
}
