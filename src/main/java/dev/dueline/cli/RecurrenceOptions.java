package dev.dueline.cli;

import dev.dueline.cli.text.TimeText;
import dev.dueline.cli.text.UsageException;
import dev.dueline.v1.MissedRunPolicy;
import dev.dueline.v1.Recurrence;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** When a job runs again. */
final class RecurrenceOptions {
  @Option(
      names = "--cron",
      paramLabel = "EXPRESSION",
      description =
          "Runs again by a Unix cron expression: five fields, six with seconds first, or @hourly and"
              + " its like. Needs --id.")
  private @Nullable String cron;

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      description = "Runs again so long after its last due time, at least 1s. Needs --id.")
  private @Nullable Duration interval;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "The time zone of --cron, such as Europe/Berlin; UTC by default.")
  private @Nullable String zone;

  @Option(names = "--until", paramLabel = "TIME", description = "No run is due after it.")
  private @Nullable Instant endTime;

  @Option(names = "--max-runs", paramLabel = "N", description = "Runs in all.")
  private @Nullable Long maxRuns;

  @Option(
      names = "--missed",
      paramLabel = "POLICY",
      description =
          "When due times passed before the last run was over: run-once for all of them (the"
              + " default), or skip.")
  private @Nullable MissedRunPolicy missedRuns;

  /**
   * The recurrence; null where no option was given.
   *
   * @throws UsageException when there is no rule, or two
   */
  @Nullable Recurrence toProto() {
    Recurrence.Builder recurrence = Recurrence.newBuilder();
    if (zone != null) {
      recurrence.setTimeZone(zone);
    }
    if (endTime != null) {
      recurrence.setEndTime(TimeText.toProto(endTime));
    }
    if (maxRuns != null) {
      recurrence.setMaxRuns(maxRuns);
    }
    if (missedRuns != null) {
      recurrence.setMissedRunPolicy(missedRuns);
    }
    boolean isBare = recurrence.build().equals(Recurrence.getDefaultInstance());
    if (cron != null && interval != null) {
      throw new UsageException("--cron and --every exclude each other");
    }
    if (cron != null) {
      return recurrence.setCron(cron).build();
    }
    if (interval != null) {
      return recurrence.setInterval(TimeText.toProto(interval)).build();
    }
    if (!isBare) {
      throw new UsageException("Missing --cron or --every");
    }
    return null;
  }
}
