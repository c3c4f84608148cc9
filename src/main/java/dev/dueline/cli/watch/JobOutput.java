package dev.dueline.cli.watch;

import dev.dueline.cli.remote.CallFailure;
import dev.dueline.cli.remote.Connection;
import dev.dueline.cli.text.Console;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.NackRequest;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where due jobs go: a line each, then their ack; those that are not wanted go back. */
final class JobOutput {
  private final Connection connection;
  private final Console console;
  private final WatchMode mode;
  private final Optional<Acker> acker;
  private long left;

  JobOutput(Connection connection, Console console, WatchMode mode, Optional<Acker> acker) {
    this.connection = connection;
    this.console = console;
    this.mode = mode;
    this.acker = acker;
    this.left = mode.count();
  }

  /** How many jobs more there may be. */
  long left() {
    return left;
  }

  /** Writes jobs, and acknowledges them once they are written. */
  void write(List<DueJob> jobs, Instant received) {
    int wanted = mode.autoAck() ? jobs.size() : (int) Math.min(left, jobs.size());
    for (DueJob job : jobs.subList(0, wanted)) {
      console.out().println(DueLine.of(job, received, mode.printsTokens()));
    }
    left -= Math.min(left, wanted);
    if (console.out().checkError()) {
      // Nobody reads any more, as in "watch … | head": nothing of this is done.
      left = 0;
      giveBack(jobs);
      return;
    }
    acker.ifPresent(acks -> acks.add(jobs.subList(0, wanted)));
    giveBack(jobs.subList(wanted, jobs.size()));
  }

  /** Returns jobs to their queue as if they had not been delivered. */
  void giveBack(List<DueJob> jobs) {
    if (jobs.isEmpty() || mode.autoAck()) {
      return;
    }
    NackRequest.Builder request =
        NackRequest.newBuilder()
            .setUncounted(true)
            .setDelay(com.google.protobuf.Duration.getDefaultInstance());
    jobs.forEach(job -> request.addLeaseTokens(job.getLeaseToken()));
    try {
      connection.unary().nack(request.build());
    } catch (StatusRuntimeException e) {
      // Their leases run out, which does the same later.
      console.note(jobs.size() + " jobs not given back: " + CallFailure.of(e).line());
    }
  }
}
