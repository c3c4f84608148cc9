package dev.dueline.grpc.scheduler;

import com.google.protobuf.util.Durations;
import dev.dueline.grpc.message.Times;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.recurrence.Cron;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.MissedRuns;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.job.recurrence.Rule;
import dev.dueline.job.recurrence.Series;
import dev.dueline.v1.Job;
import dev.dueline.v1.MissedRunPolicy;

/** Recurrences of the wire and of the domain. */
final class RecurrenceMapping {
  /** How many due times to come GetJob tells. */
  private static final int NEXT_DUE_TIMES = 5;

  private RecurrenceMapping() {}

  static Recurrence recurrence(dev.dueline.v1.Recurrence recurrence) {
    Rule rule =
        recurrence.hasCron()
            ? new Cron(recurrence.getCron(), recurrence.getTimeZone())
            : new Every(Times.roundUpToMs(recurrence.getInterval()));
    return new Recurrence(
        rule,
        recurrence.hasEndTime() ? Times.roundDownToMs(recurrence.getEndTime()) : Rule.MAX_MS,
        recurrence.getMaxRuns(),
        missedRuns(recurrence.getMissedRunPolicy()));
  }

  /** Adds what lists show, too. */
  static void addSeries(Job.Builder job, Series series) {
    job.setRecurrence(proto(series.recurrence()))
        .setCompletedRuns(series.runs().completed())
        .setMissedRuns(series.runs().missed());
  }

  /** With the due times that come after the one in force; a series that is dead has none. */
  static Job withNextDueTimes(Job job, JobView view) {
    Series series = view.job().series();
    if (series == null || view.state() == JobState.DEAD) {
      return job;
    }
    Job.Builder withTimes = job.toBuilder();
    series
        .recurrence()
        .upcoming(series.runs(), view.job().dueMs(), view.dueMs(), NEXT_DUE_TIMES)
        .forEach(ms -> withTimes.addNextDueTimes(Times.ofMs(ms)));
    return withTimes.build();
  }

  private static dev.dueline.v1.Recurrence proto(Recurrence recurrence) {
    dev.dueline.v1.Recurrence.Builder proto =
        dev.dueline.v1.Recurrence.newBuilder()
            .setMaxRuns(recurrence.maxRuns())
            .setMissedRunPolicy(
                recurrence.onMissed() == MissedRuns.SKIP
                    ? MissedRunPolicy.MISSED_RUN_POLICY_SKIP
                    : MissedRunPolicy.MISSED_RUN_POLICY_RUN_ONCE);
    if (recurrence.rule() instanceof Cron cron) {
      proto.setCron(cron.expression()).setTimeZone(cron.zone());
    } else if (recurrence.rule() instanceof Every every) {
      proto.setInterval(Durations.fromMillis(every.intervalMs()));
    }
    if (recurrence.endMs() < Rule.MAX_MS) {
      proto.setEndTime(Times.ofMs(recurrence.endMs()));
    }
    return proto.build();
  }

  private static MissedRuns missedRuns(MissedRunPolicy policy) {
    return switch (policy) {
      case MISSED_RUN_POLICY_UNSPECIFIED, MISSED_RUN_POLICY_RUN_ONCE -> MissedRuns.RUN_ONCE;
      case MISSED_RUN_POLICY_SKIP -> MissedRuns.SKIP;
      case UNRECOGNIZED -> throw new IllegalArgumentException("not checked: " + policy);
    };
  }
}
