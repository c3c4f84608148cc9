package dev.dueline.cli.file;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.dueline.cli.text.TimeText;
import dev.dueline.cli.text.Words;
import dev.dueline.text.DurationText;
import dev.dueline.v1.ConflictPolicy;
import dev.dueline.v1.MissedRunPolicy;
import dev.dueline.v1.Recurrence;
import dev.dueline.v1.RetryPolicy;
import dev.dueline.v1.ScheduleRequest;
import java.util.Base64;
import java.util.Map;

/**
 * A job as a line of JSON, in the names that {@code get --json} prints: what one service lists,
 * another can store. What only an answer has, such as the state, is passed over.
 */
final class JobLine {
  /** As PayloadText has it. */
  private static final String BASE64 = "base64:";

  private final ScheduleRequest.Builder request = ScheduleRequest.newBuilder();
  private final RetryPolicy.Builder retry = RetryPolicy.newBuilder();
  private final Recurrence.Builder recurrence = Recurrence.newBuilder();

  private JobLine() {}

  /**
   * Reads a line.
   *
   * @param queue of jobs that name none
   * @throws IllegalArgumentException when it is no such job; the message is for people
   */
  static ScheduleRequest parse(String line, String queue) {
    JobLine job = new JobLine();
    job.request.setQueue(queue);
    try {
      JsonElement json = JsonParser.parseString(line);
      if (!json.isJsonObject()) {
        throw new IllegalArgumentException("not a JSON object");
      }
      json.getAsJsonObject().entrySet().forEach(job::set);
    } catch (JsonParseException | UnsupportedOperationException | IllegalStateException e) {
      throw new IllegalArgumentException("not JSON as it should be: " + e.getMessage(), e);
    }
    return job.toRequest();
  }

  private ScheduleRequest toRequest() {
    if (!retry.build().equals(RetryPolicy.getDefaultInstance())) {
      request.setRetryPolicy(retry);
    }
    if (recurrence.hasCron() || recurrence.hasInterval()) {
      request.setRecurrence(recurrence);
    }
    return request.build();
  }

  private void set(Map.Entry<String, JsonElement> field) {
    JsonElement value = field.getValue();
    if (value.isJsonNull()) {
      return;
    }
    switch (field.getKey()) {
      case "payload" -> request.setPayload(payload(value));
      case "attributes" -> addAttributes(value.getAsJsonObject());
      case "max_attempts" -> retry.setMaxAttempts(value.getAsInt());
      case "multiplier" -> retry.setMultiplier(value.getAsDouble());
      case "jitter" -> retry.setJitter(value.getAsDouble());
      case "max_runs" -> recurrence.setMaxRuns(value.getAsLong());
      case "state",
          "create_time",
          "failed_attempts",
          "last_failure",
          "first_failure",
          "first_failure_time",
          "lease_expire_time",
          "completed_runs",
          "missed_runs",
          "next_due_times" -> {
        // Of a job that was, not of one to be stored.
      }
      default -> setText(field.getKey(), value.getAsString());
    }
  }

  private void setText(String name, String text) {
    switch (name) {
      case "queue" -> request.setQueue(text);
      case "job_id" -> request.setJobId(text);
      case "request_id" -> request.setRequestId(text);
      case "due_time" -> request.setDueTime(TimeText.toProto(TimeText.parse(text)));
      case "delay" -> request.setDelay(duration(text));
      case "ttl" -> request.setTtl(duration(text));
      case "conflict_policy" ->
          request.setConflictPolicy(Words.of(ConflictPolicy.class).parse(text));
      case "initial_backoff" -> retry.setInitialBackoff(duration(text));
      case "max_backoff" -> retry.setMaxBackoff(duration(text));
      case "cron" -> recurrence.setCron(text);
      case "interval" -> recurrence.setInterval(duration(text));
      case "time_zone" -> recurrence.setTimeZone(text);
      case "end_time" -> recurrence.setEndTime(TimeText.toProto(TimeText.parse(text)));
      case "missed_run_policy" -> setMissedRuns(text);
      default ->
          throw new IllegalArgumentException(
              "no job has a field "
                  + name
                  + ": names are those of get --json, such as job_id, payload, due_time, delay");
    }
  }

  private void setMissedRuns(String word) {
    if (!word.equals("unspecified")) {
      recurrence.setMissedRunPolicy(Words.of(MissedRunPolicy.class).parse(word));
    }
  }

  private static Duration duration(String text) {
    return TimeText.toProto(DurationText.parse(text));
  }

  private void addAttributes(JsonObject attributes) {
    attributes
        .entrySet()
        .forEach(each -> request.putAttributes(each.getKey(), each.getValue().getAsString()));
  }

  /** Text, bytes as they are printed, or JSON as it stands there. */
  private static ByteString payload(JsonElement value) {
    if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
      return ByteString.copyFromUtf8(value.toString());
    }
    String text = value.getAsString();
    return text.startsWith(BASE64)
        ? ByteString.copyFrom(Base64.getDecoder().decode(text.substring(BASE64.length())))
        : ByteString.copyFromUtf8(text);
  }
}
