package dev.dueline.cli.watch;

import dev.dueline.cli.remote.CallFailure;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.IdText;
import dev.dueline.cli.text.Words;
import dev.dueline.client.AckListener;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.LeaseOutcome;
import io.grpc.StatusRuntimeException;
import java.util.List;

/** Notes the acks that do not count on standard error. */
record AckNotes(Console console) implements AckListener {
  private static final Words<LeaseOutcome> OUTCOMES = Words.of(LeaseOutcome.class);

  @Override
  public void lost(DueJob job, LeaseOutcome outcome, boolean isRepeated) {
    String word = OUTCOMES.format(outcome);
    String ack =
        "ack of "
            + IdText.format(job.getQueue())
            + " "
            + IdText.format(job.getJobId())
            + ": lease "
            + word;
    // An ack whose answer went missing has removed the job, which then looks like a lost lease.
    console.note(isRepeated ? ack + " (or done by an earlier try)" : ack);
  }

  @Override
  public void failed(List<DueJob> jobs, StatusRuntimeException failure) {
    console.note(jobs.size() + " jobs not acknowledged: " + CallFailure.of(failure).line());
  }
}
