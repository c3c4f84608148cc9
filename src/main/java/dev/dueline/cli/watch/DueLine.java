package dev.dueline.cli.watch;

import dev.dueline.cli.text.Fields;
import dev.dueline.cli.text.TimeText;
import dev.dueline.v1.DueJob;
import java.time.Duration;
import java.time.Instant;

/**
 * One delivered job as a line: time received, queue, job id, attempt, lateness in milliseconds,
 * payload and, where the reader has to acknowledge, the lease token.
 */
final class DueLine {
  private DueLine() {}

  static Fields of(DueJob job, Instant received, boolean withToken) {
    Fields fields =
        new Fields()
            .add("receive_time", TimeText.format(received))
            .id("queue", job.getQueue())
            .id("job_id", job.getJobId())
            .add("attempt", job.getAttempt())
            .add("lateness_ms", lateness(job).toMillis())
            .payload(job.getPayload())
            .inJson("due_time", TimeText.format(job.getDueTime()))
            .inJson("attributes", job.getAttributesMap());
    return withToken ? fields.add("lease_token", job.getLeaseToken()) : fields;
  }

  private static Duration lateness(DueJob job) {
    return Duration.between(
        TimeText.toInstant(job.getDueTime()), TimeText.toInstant(job.getDispatchTime()));
  }
}
