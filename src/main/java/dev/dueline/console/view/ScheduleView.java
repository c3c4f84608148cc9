package dev.dueline.console.view;

import java.util.List;
import java.util.Map;

/**
 * The page {@code schedule.html}.
 *
 * @param fields what was typed, by the name of the field: queue, id, due, delay, cron, zone, every,
 *     payload, attributes, max_attempts, ttl; all are there
 * @param errors what is wrong with it
 */
public record ScheduleView(Map<String, String> fields, List<FieldError> errors) {
  /** What is wrong with a field. */
  public record FieldError(String field, String text) {}
}
