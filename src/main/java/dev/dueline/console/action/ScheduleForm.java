package dev.dueline.console.action;

import dev.dueline.console.action.Actions.JobBounds;
import dev.dueline.console.http.Parameters;
import dev.dueline.console.http.RefusedException;
import dev.dueline.console.input.Inputs;
import dev.dueline.console.view.ScheduleView.FieldError;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.recurrence.Cron;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.job.recurrence.ZoneNames;
import dev.dueline.operation.job.RandomId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the form that schedules a job, and says all that is wrong with it. */
final class ScheduleForm {
  /** Longest text of an error, characters. */
  private static final int MAX_TEXT = 300;

  private final Parameters form;
  private final JobBounds bounds;
  private final List<FieldError> errors = new ArrayList<>();

  ScheduleForm(Parameters form, JobBounds bounds) {
    this.form = form;
    this.bounds = bounds;
  }

  /** What is wrong, one thing a field at most; filled by {@link #job}. */
  List<FieldError> errors() {
    return errors;
  }

  /** The job; null: something is wrong. */
  @Nullable NewJob job() {
    Recurrence recurrence = recurrence();
    JobId id = id(recurrence != null);
    Due due = due(recurrence != null);
    byte[] payload = form.raw("payload").getBytes(StandardCharsets.UTF_8);
    require(
        payload.length <= bounds.maxPayloadBytes(),
        "payload",
        "must be at most " + bounds.maxPayloadBytes() + " bytes");
    SortedMap<String, String> attributes = attributes();
    long ttlMs = span("ttl");
    long attempts = number("max_attempts");
    RetryPolicy like = RetryPolicy.DEFAULT;
    RetryPolicy policy =
        attempts == 0
            ? null
            : new RetryPolicy(
                (int) attempts,
                like.initialBackoffMs(),
                like.maxBackoffMs(),
                like.multiplier(),
                like.jitter());
    return errors.isEmpty()
        ? new NewJob(id, due, payload, attributes, policy, ttlMs, recurrence, null)
        : null;
  }

  private JobId id(boolean isRecurring) {
    String id = form.raw("id");
    require(!isRecurring || !id.isEmpty(), "id", "is needed for a job that recurs");
    if (id.isEmpty()) {
      return RandomId.ofJob();
    }
    require(JobId.isValid(id), "id", "must be at most 256 bytes without control characters");
    return JobId.isValid(id) ? new JobId(id) : RandomId.ofJob();
  }

  private Due due(boolean isRecurring) {
    String due = form.get("due");
    require(due.isEmpty() || form.get("delay").isEmpty(), "delay", "must be empty beside due");
    if (!due.isEmpty()) {
      return new Due.At(checked("due", () -> Inputs.timeMs("due", due), 0L));
    }
    return isRecurring && form.get("delay").isEmpty()
        ? new Due.ByRule(0)
        : new Due.After(span("delay"));
  }

  private @Nullable Recurrence recurrence() {
    String cron = form.get("cron");
    String zone = form.get("zone");
    require(cron.isEmpty() || form.get("every").isEmpty(), "every", "must be empty beside cron");
    if (!cron.isEmpty()) {
      ZoneNames.problem(zone).ifPresent(problem -> require(false, "zone", problem));
      try {
        new Cron(cron, "");
        return errors.isEmpty() ? Recurrence.of(new Cron(cron, zone)) : null;
      } catch (IllegalArgumentException e) {
        require(false, "cron", String.valueOf(e.getMessage()));
        return null;
      }
    }
    require(zone.isEmpty(), "zone", "must be empty: it is for cron");
    if (form.get("every").isEmpty()) {
      return null;
    }
    long everyMs = span("every");
    require(everyMs >= Every.SHORTEST_MS, "every", "must be at least 1s");
    return everyMs >= Every.SHORTEST_MS ? Recurrence.of(new Every(everyMs)) : null;
  }

  private SortedMap<String, String> attributes() {
    SortedMap<String, String> attributes = new TreeMap<>();
    long bytes = 0;
    for (Iterator<String> lines = form.raw("attributes").lines().iterator(); lines.hasNext(); ) {
      String line = lines.next();
      int is = line.indexOf('=');
      if (!line.isBlank() && (is < 0 || line.substring(0, is).isBlank())) {
        require(false, "attributes", "must be lines of name=value");
        return attributes;
      }
      if (is > 0) {
        attributes.put(line.substring(0, is).strip(), line.substring(is + 1).strip());
        bytes += line.getBytes(StandardCharsets.UTF_8).length - 1L;
      }
      if (attributes.size() > bounds.maxAttributes() || bytes > bounds.maxAttributesBytes()) {
        require(
            false,
            "attributes",
            "must be at most %d, of %d bytes in all"
                .formatted(bounds.maxAttributes(), bounds.maxAttributesBytes()));
        return attributes;
      }
    }
    return attributes;
  }

  private long span(String field) {
    String text = form.get(field);
    long ms = text.isEmpty() ? 0 : checked(field, () -> Inputs.spanMs(field, text), 0L);
    require(ms <= bounds.maxDelayMs(), field, "is too long");
    return Math.min(ms, bounds.maxDelayMs());
  }

  private long number(String field) {
    return checked(field, () -> Inputs.number(field, form.get(field), Integer.MAX_VALUE), 0L);
  }

  private <T> T checked(String field, Supplier<T> value, T otherwise) {
    try {
      return value.get();
    } catch (RefusedException e) {
      require(false, field, String.valueOf(e.getMessage()));
      return otherwise;
    }
  }

  /** Of each field the first that is wrong, cut short: what was typed may be in it. */
  private void require(boolean holds, String field, String text) {
    if (!holds && errors.stream().noneMatch(error -> error.field().equals(field))) {
      errors.add(
          new FieldError(field, text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text));
    }
  }
}
