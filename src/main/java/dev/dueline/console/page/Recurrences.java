package dev.dueline.console.page;

import dev.dueline.console.text.Moment;
import dev.dueline.console.text.Spans;
import dev.dueline.console.view.JobDetails.NextRunRow;
import dev.dueline.console.view.JobDetails.RecurrenceDetails;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.recurrence.Cron;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.job.recurrence.Rule;
import dev.dueline.job.recurrence.Runs;
import dev.dueline.job.recurrence.Series;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Recurrences for people. */
final class Recurrences {
  private static final int NEXT_RUNS = 5;

  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("EEE uuuu-MM-dd HH:mm:ss xxx", Locale.ENGLISH);

  private Recurrences() {}

  static RecurrenceDetails of(Series series, JobView job, long nowMs) {
    Recurrence recurrence = series.recurrence();
    Rule rule = recurrence.rule();
    String zone = rule instanceof Cron cron ? zone(cron) : "";
    return new RecurrenceDetails(
        rule instanceof Cron cron ? cron.expression() : Spans.text(intervalMs(rule)),
        rule instanceof Cron cron ? cron.words() : "every " + Spans.text(intervalMs(rule)),
        zone,
        end(recurrence, nowMs),
        runs(series.runs()),
        job.state() == JobState.DEAD ? List.of() : next(series, job, zone, nowMs));
  }

  private static List<NextRunRow> next(Series series, JobView job, String zone, long nowMs) {
    return series
        .recurrence()
        .upcoming(series.runs(), job.job().dueMs(), job.dueMs(), NEXT_RUNS)
        .stream()
        .map(ms -> new NextRunRow(Moment.of(ms, nowMs), local(ms, zone)))
        .toList();
  }

  private static String local(long ms, String zone) {
    Instant instant = Instant.ofEpochMilli(ms);
    try {
      return LOCAL.format(
          instant.atZone(zone.isEmpty() ? ZoneOffset.UTC : ZoneId.of(zone, ZoneId.SHORT_IDS)));
    } catch (DateTimeException e) {
      return LOCAL.format(instant.atZone(ZoneOffset.UTC));
    }
  }

  private static String zone(Cron cron) {
    return cron.zone().isEmpty() ? "UTC" : cron.zone();
  }

  private static long intervalMs(Rule rule) {
    return rule instanceof Every every ? every.intervalMs() : 0;
  }

  private static String end(Recurrence recurrence, long nowMs) {
    String after = recurrence.maxRuns() == 0 ? "" : "after " + recurrence.maxRuns() + " runs";
    if (recurrence.endMs() == Rule.MAX_MS) {
      return after;
    }
    String by = "at " + Moment.of(recurrence.endMs(), nowMs).text();
    return after.isEmpty() ? by : after + ", or " + by;
  }

  private static String runs(Runs runs) {
    return "%d completed, %d died, %d missed"
        .formatted(runs.completed(), runs.died(), runs.missed());
  }
}
