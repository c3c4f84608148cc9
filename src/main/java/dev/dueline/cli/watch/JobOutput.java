package dev.dueline.cli.watch;

import dev.dueline.cli.remote.CallFailure;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.Fields;
import dev.dueline.cli.text.IdText;
import dev.dueline.cli.text.Words;
import dev.dueline.client.Acker;
import dev.dueline.client.Leases;
import dev.dueline.client.WatchHandler;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.LostLease;
import dev.dueline.v1.LostReason;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where due jobs go: a line each, then their ack; those that are not wanted go back. */
final class JobOutput implements WatchHandler {
  private static final Words<LostReason> REASONS = Words.of(LostReason.class);

  private final Leases leases;
  private final Console console;
  private final WatchMode mode;
  private final Optional<Acker> acker;
  private long left;
  private boolean isBroken;

  JobOutput(Leases leases, Console console, WatchMode mode, Optional<Acker> acker) {
    this.leases = leases;
    this.console = console;
    this.mode = mode;
    this.acker = acker;
    this.left = mode.count();
  }

  @Override
  public long wanted() {
    return left;
  }

  /** Writes jobs, and acknowledges them once they are written. */
  @Override
  public void due(List<DueJob> jobs, Instant received) {
    int wanted = mode.autoAck() ? jobs.size() : (int) Math.min(left, jobs.size());
    for (DueJob job : jobs.subList(0, wanted)) {
      Fields line = DueLine.of(job, received, mode.printsTokens());
      console.out().println(mode.json() ? line.json() : line.line());
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

  private void giveBack(List<DueJob> jobs) {
    if (jobs.isEmpty() || mode.autoAck()) {
      return;
    }
    try {
      leases.giveBack(jobs);
    } catch (StatusRuntimeException e) {
      notGivenBack(jobs, e);
    }
  }

  /** What was written is acknowledged before the stream goes. */
  @Override
  public void ending() throws InterruptedException {
    if (acker.isPresent()) {
      acker.get().close();
    }
  }

  @Override
  public void lost(List<LostLease> leases) {
    for (LostLease lease : leases) {
      console.note(
          "lease lost ("
              + REASONS.format(lease.getReason())
              + "): "
              + IdText.format(lease.getQueue())
              + " "
              + IdText.format(lease.getJobId()));
    }
  }

  @Override
  public void notGivenBack(List<DueJob> jobs, StatusRuntimeException failure) {
    console.note(jobs.size() + " jobs not given back: " + CallFailure.of(failure).line());
  }

  @Override
  public void started() {
    if (isBroken) {
      isBroken = false;
      console.note("watching again");
    }
  }

  @Override
  public void draining(String reason) {
    console.note("the server is draining (" + reason + "); reconnecting");
  }

  @Override
  public void broken(Status status) {
    if (!isBroken) {
      isBroken = true;
      console.note(CallFailure.of(status.asRuntimeException()).line() + "; trying again");
    }
  }
}
