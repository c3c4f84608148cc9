package dev.dueline.console.view;

import dev.dueline.console.text.Moment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page {@code job.html}.
 *
 * @param ttl empty: none
 * @param firstFailure null: none is known
 * @param recurrence null: it runs once
 * @param payload null: the caller may not see it, or payloads are hidden here
 */
public record JobDetails(
    String queue,
    Rights may,
    JobRow row,
    Moment created,
    String ttl,
    @Nullable FirstFailure firstFailure,
    Policy policy,
    List<Attribute> attributes,
    @Nullable RecurrenceDetails recurrence,
    @Nullable PayloadView payload) {

  /**
   * The first attempt that failed.
   *
   * @param reason empty: none was given
   */
  public record FirstFailure(String reason, Moment at) {}

  /** How failures are tried again. */
  public record Policy(
      int maxAttempts,
      String initialBackoff,
      String maxBackoff,
      String multiplier,
      String jitter,
      boolean isDefault) {}

  /** An attribute. */
  public record Attribute(String name, String value) {}

  /**
   * When a job runs again.
   *
   * @param rule the cron expression, or the interval
   * @param words the rule in words; empty: the expression says it shortest
   * @param zone of the local times; empty for intervals
   * @param end empty: none
   * @param runs what became of those that were
   * @param next runs after the one that is due, local time first
   */
  public record RecurrenceDetails(
      String rule, String words, String zone, String end, String runs, List<NextRunRow> next) {}

  /** A run to come. */
  public record NextRunRow(Moment at, String local) {}

  /**
   * What a job carries.
   *
   * @param kind json, text, hex or empty
   * @param text as kind says, at most its first 64 KiB
   * @param isCut whether that is not all
   * @param href downloads all of it
   */
  public record PayloadView(String kind, int bytes, String text, boolean isCut, String href) {}
}
