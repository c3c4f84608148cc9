package dev.dueline.cli.watch;

import dev.dueline.cli.text.Console;
import dev.dueline.client.Connection;
import dev.dueline.client.worker.JobHandler;
import dev.dueline.client.worker.Result;
import dev.dueline.client.worker.StopMode;
import dev.dueline.client.worker.Worker;
import dev.dueline.client.worker.WorkerSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that is run for each job, which makes a worker of any program. */
final class ExecOptions {
  @Option(
      names = "--exec",
      paramLabel = "CMD",
      description = {
        "Runs CMD by sh for each job, with the payload on its standard input and DUELINE_QUEUE,"
            + " _JOB_ID, _ATTEMPT, _DUE_TIME, _LEASE_TOKEN and _ATTRIBUTE_NAME in its environment."
            + " Exit code 0: done; 65: to the dead jobs; any other: tried again, with the last line"
            + " of standard error as the reason. Leases last while it runs."
      })
  private @Nullable String command;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "1",
      description = "With --exec: commands that run at once: ${DEFAULT-VALUE}.")
  private int concurrency;

  @Option(
      names = "--max-run-time",
      paramLabel = "DURATION",
      description = "With --exec: ends a command that runs longer; ten leases.")
  private @Nullable Duration maxRunTime;

  @Option(
      names = "--stop-timeout",
      paramLabel = "DURATION",
      defaultValue = "25s",
      description =
          "With --exec: when told to end, waits so long for commands that run; then ends them and"
              + " gives their jobs back: ${DEFAULT-VALUE}.")
  private Duration stopTimeout = Duration.ZERO;

  /** Whether there is such a command. */
  boolean isGiven() {
    return command != null;
  }

  /**
   * Runs the command for each job until the process is told to end, or so many jobs have come.
   *
   * @throws io.grpc.StatusRuntimeException when the service refuses
   */
  void run(Connection connection, Console console, WorkerSettings common, long count)
      throws InterruptedException {
    WorkerSettings narrow = common.withConcurrency((int) Math.max(1, Math.min(concurrency, count)));
    WorkerSettings settings = maxRunTime == null ? narrow : narrow.withMaxRunTime(maxRunTime);
    AtomicBoolean isStopping = new AtomicBoolean();
    AtomicLong left = new AtomicLong(count);
    AtomicReference<Worker> self = new AtomicReference<>();
    CommandHandler handler = new CommandHandler(String.valueOf(command), console, isStopping::get);
    JobHandler.Blocking counted =
        delivery -> {
          long before = left.getAndDecrement();
          if (before <= 1) {
            var unused =
                Objects.requireNonNull(self.get()).stop(StopMode.WAIT, settings.maxRunTime());
          }
          return before < 1 ? Result.giveBack() : handler.handle(delivery);
        };
    Worker worker =
        new Worker(connection, settings, JobHandler.blocking(counted), new ExecNotes(console));
    self.set(worker);
    Runnable stop =
        () -> {
          isStopping.set(true);
          var unused = worker.stop(StopMode.WAIT, stopTimeout);
        };
    try (Interrupt interrupt = Interrupt.runs(stop, stopTimeout.plus(Interrupt.LONGEST))) {
      worker.run();
    }
  }
}
