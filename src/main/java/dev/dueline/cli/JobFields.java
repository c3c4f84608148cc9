package dev.dueline.cli;

import dev.dueline.cli.text.IdText;
import dev.dueline.cli.text.Line;
import dev.dueline.cli.text.PayloadText;
import dev.dueline.cli.text.TimeText;
import dev.dueline.cli.text.Words;
import dev.dueline.v1.Job;
import dev.dueline.v1.JobState;
import dev.dueline.v1.MissedRunPolicy;
import dev.dueline.v1.Recurrence;
import dev.dueline.v1.RetryPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** All of a job, a line a field, in the contract's names and order; what is unset has no line. */
final class JobFields {
  private final List<String> lines = new ArrayList<>();

  private JobFields() {}

  static List<String> of(Job job) {
    JobFields fields = new JobFields();
    fields.add("queue", IdText.format(job.getQueue()));
    fields.add("job_id", IdText.format(job.getJobId()));
    fields.add("state", Words.of(JobState.class).format(job.getState()));
    fields.add("due_time", TimeText.format(job.getDueTime()));
    fields.add("create_time", TimeText.format(job.getCreateTime()));
    fields.add("payload", PayloadText.format(job.getPayload()));
    new TreeMap<>(job.getAttributesMap())
        .forEach((name, value) -> fields.add("attribute", name + "=" + value));
    if (job.hasRetryPolicy()) {
      fields.addRetryPolicy(job.getRetryPolicy());
    }
    if (job.hasTtl()) {
      fields.add("ttl", TimeText.toDuration(job.getTtl()));
    }
    fields.add("failed_attempts", job.getFailedAttempts());
    if (!job.getLastFailure().isEmpty()) {
      fields.add("last_failure", job.getLastFailure());
    }
    if (job.hasLeaseExpireTime()) {
      fields.add("lease_expire_time", TimeText.format(job.getLeaseExpireTime()));
    }
    if (job.hasRecurrence()) {
      fields.addRecurrence(job);
    }
    return fields.lines;
  }

  private void addRetryPolicy(RetryPolicy policy) {
    add("max_attempts", policy.getMaxAttempts());
    if (policy.hasInitialBackoff()) {
      add("initial_backoff", TimeText.toDuration(policy.getInitialBackoff()));
    }
    if (policy.hasMaxBackoff()) {
      add("max_backoff", TimeText.toDuration(policy.getMaxBackoff()));
    }
    add("multiplier", policy.getMultiplier());
    if (policy.hasJitter()) {
      add("jitter", policy.getJitter());
    }
  }

  private void addRecurrence(Job job) {
    Recurrence recurrence = job.getRecurrence();
    if (recurrence.hasCron()) {
      add("cron", recurrence.getCron());
    }
    if (recurrence.hasInterval()) {
      add("interval", TimeText.toDuration(recurrence.getInterval()));
    }
    if (!recurrence.getTimeZone().isEmpty()) {
      add("time_zone", recurrence.getTimeZone());
    }
    if (recurrence.hasEndTime()) {
      add("end_time", TimeText.format(recurrence.getEndTime()));
    }
    if (recurrence.getMaxRuns() > 0) {
      add("max_runs", recurrence.getMaxRuns());
    }
    add(
        "missed_run_policy",
        Words.of(MissedRunPolicy.class).format(recurrence.getMissedRunPolicy()));
    add("completed_runs", job.getCompletedRuns());
    add("missed_runs", job.getMissedRuns());
    job.getNextDueTimesList().forEach(time -> add("next_due_time", TimeText.format(time)));
  }

  private void add(String name, Object value) {
    lines.add(Line.of(name, value));
  }
}
