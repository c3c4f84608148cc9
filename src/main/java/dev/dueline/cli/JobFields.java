package dev.dueline.cli;

import dev.dueline.cli.text.Fields;
import dev.dueline.cli.text.TimeText;
import dev.dueline.cli.text.Words;
import dev.dueline.v1.Job;
import dev.dueline.v1.JobState;
import dev.dueline.v1.MissedRunPolicy;
import dev.dueline.v1.Recurrence;
import dev.dueline.v1.RetryPolicy;

/** All of a job, in the contract's names and order; what is unset has no field. */
final class JobFields {
  private final Fields fields = new Fields();

  private JobFields() {}

  static Fields of(Job job) {
    JobFields all = new JobFields();
    Fields fields = all.fields;
    fields.id("queue", job.getQueue());
    fields.id("job_id", job.getJobId());
    fields.add("state", Words.of(JobState.class).format(job.getState()));
    fields.time("due_time", job.getDueTime());
    fields.time("create_time", job.getCreateTime());
    fields.payload(job.getPayload());
    fields.attributes(job.getAttributesMap());
    if (job.hasRetryPolicy()) {
      all.addRetryPolicy(job.getRetryPolicy());
    }
    if (job.hasTtl()) {
      fields.add("ttl", TimeText.toDuration(job.getTtl()));
    }
    fields.add("failed_attempts", job.getFailedAttempts());
    if (!job.getLastFailure().isEmpty()) {
      fields.add("last_failure", job.getLastFailure());
    }
    if (!job.getFirstFailure().isEmpty()) {
      fields.add("first_failure", job.getFirstFailure());
    }
    if (job.hasFirstFailureTime()) {
      fields.time("first_failure_time", job.getFirstFailureTime());
    }
    if (job.hasLeaseExpireTime()) {
      fields.time("lease_expire_time", job.getLeaseExpireTime());
    }
    if (job.hasRecurrence()) {
      all.addRecurrence(job);
    }
    return fields;
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
    fields.each(
        "next_due_time",
        "next_due_times",
        job.getNextDueTimesList().stream().map(TimeText::format).toList());
  }

  private void add(String name, Object value) {
    fields.add(name, value);
  }
}
