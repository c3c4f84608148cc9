package dev.dueline.cli.watch;

import dev.dueline.cli.text.IdText;
import dev.dueline.cli.text.Line;
import dev.dueline.cli.text.PayloadText;
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

  static String of(DueJob job, Instant received, boolean withToken) {
    String line =
        Line.of(
            TimeText.format(received),
            IdText.format(job.getQueue()),
            IdText.format(job.getJobId()),
            job.getAttempt(),
            lateness(job).toMillis(),
            PayloadText.format(job.getPayload()));
    return withToken ? line + "\t" + Line.clean(job.getLeaseToken()) : line;
  }

  private static Duration lateness(DueJob job) {
    return Duration.between(
        TimeText.toInstant(job.getDueTime()), TimeText.toInstant(job.getDispatchTime()));
  }
}
