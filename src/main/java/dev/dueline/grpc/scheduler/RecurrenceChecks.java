package dev.dueline.grpc.scheduler;

import com.google.protobuf.util.Timestamps;
import dev.dueline.grpc.failure.GrpcFailures;
import dev.dueline.grpc.message.FieldChecks;
import dev.dueline.grpc.message.RequestLimits;
import dev.dueline.grpc.message.Times;
import dev.dueline.job.recurrence.Cron;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.ZoneNames;
import dev.dueline.v1.Recurrence;
import dev.dueline.v1.ScheduleRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What must hold for the recurrence of a request, as far as no clock is needed to tell. */
final class RecurrenceChecks {
  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(Every.SHORTEST_MS);

  private final RequestLimits limits;

  RecurrenceChecks(RequestLimits limits) {
    this.limits = limits;
  }

  void check(FieldChecks outside, ScheduleRequest request) {
    outside.require(!request.getJobId().isEmpty(), "job_id", "must be set where recurrence is set");
    FieldChecks fields = outside.in("recurrence");
    Recurrence recurrence = request.getRecurrence();
    fields.text("time_zone", recurrence.getTimeZone(), Cron.MAX_ZONE_BYTES);
    switch (recurrence.getRuleCase()) {
      case CRON -> {
        cron(fields, recurrence.getCron());
        ZoneNames.problem(recurrence.getTimeZone())
            .ifPresent(problem -> fields.require(false, "time_zone", problem));
      }
      case INTERVAL -> {
        fields.duration("interval", recurrence.getInterval(), SHORTEST_INTERVAL, limits.maxDelay());
        fields.require(
            recurrence.getTimeZone().isEmpty(), "time_zone", "must be empty: it is for cron");
      }
      case RULE_NOT_SET -> fields.require(false, "cron", "must be set, or interval");
    }
    fields.number("max_runs", recurrence.getMaxRuns(), 0, Long.MAX_VALUE);
    fields.known("missed_run_policy", recurrence.getMissedRunPolicy());
    if (recurrence.hasEndTime()) {
      fields.timestamp("end_time", recurrence.getEndTime());
      fields.require(!endsEarly(request), "end_time", GrpcFailures.ENDS_EARLY);
    }
  }

  private static void cron(FieldChecks fields, String expression) {
    if (expression.getBytes(StandardCharsets.UTF_8).length > Cron.MAX_EXPRESSION_BYTES) {
      fields.require(
          false, "cron", "must be at most " + Cron.MAX_EXPRESSION_BYTES + " bytes of UTF-8");
      return;
    }
    try {
      new Cron(expression, "");
    } catch (IllegalArgumentException e) {
      fields.require(false, "cron", String.valueOf(e.getMessage()));
    }
  }

  private static boolean endsEarly(ScheduleRequest request) {
    return request.hasDueTime()
        && Timestamps.isValid(request.getDueTime())
        && Timestamps.isValid(request.getRecurrence().getEndTime())
        && Times.roundUpToMs(request.getDueTime())
            > Times.roundDownToMs(request.getRecurrence().getEndTime());
  }
}
