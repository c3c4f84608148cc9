package dev.dueline.cli.watch;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.IdText;
import dev.dueline.cli.text.TimeText;
import dev.dueline.cli.text.UsageException;
import dev.dueline.client.Acker;
import dev.dueline.client.Backoff;
import dev.dueline.client.Connection;
import dev.dueline.client.Leases;
import dev.dueline.client.Watch;
import dev.dueline.client.worker.WorkerSettings;
import dev.dueline.v1.DisconnectPolicy;
import dev.dueline.v1.WatchDueRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints jobs the moment they fall due. */
@Command(
    name = "watch",
    description = {
      "Prints jobs as they fall due, a line each: time received, queue, job id, attempt, lateness"
          + " in ms, payload, and the lease token unless --ack or --auto-ack is given.",
      "Reconnects until it is stopped; says so on standard error.",
      "With --exec it works on the jobs, and prints none of them."
    })
public final class WatchCommand implements Callable<Integer> {
  private final Console console;
  private final ConnectionOptions connectionOptions;

  @Parameters(
      arity = "1..*",
      paramLabel = "QUEUE",
      converter = IdText.Reader.class,
      description = "Queues, the first goes first.")
  private List<String> queues = new ArrayList<>();

  @Option(names = "--ack", description = "Acknowledges each job once it is written.")
  private boolean ack;

  @Option(
      names = "--auto-ack",
      description = "Jobs are done once they are sent: at most once. --count may lose some.")
  private boolean autoAck;

  @Option(
      names = "--max-outstanding",
      paramLabel = "N",
      defaultValue = "100",
      description = "Jobs that may be unacknowledged at once: ${DEFAULT-VALUE}.")
  private int maxOutstanding;

  @Option(
      names = "--lease",
      paramLabel = "DURATION",
      description = "How long a job stays with this watcher.")
  private @Nullable Duration lease;

  @Option(names = "--auto-extend", description = "Leases last while the stream is alive.")
  private boolean autoExtend;

  @Option(
      names = "--release-on-disconnect",
      description = "Unacknowledged jobs go back at once when the stream breaks.")
  private boolean releaseOnDisconnect;

  @Option(
      names = "--json",
      description = "Prints JSON objects, one a job, with the contract's names; failures, too.")
  private boolean json;

  @Option(names = "--watcher-id", paramLabel = "ID", description = "For logs and metrics.")
  private String watcherId = "";

  @Option(names = "--count", paramLabel = "N", description = "Ends after N jobs.")
  private long count = Long.MAX_VALUE;

  @Mixin private final ExecOptions exec = new ExecOptions();

  /** A command on these streams. */
  public WatchCommand(Console console, ConnectionOptions connectionOptions) {
    this.console = console;
    this.connectionOptions = connectionOptions;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (ack && autoAck) {
      throw new UsageException("--ack and --auto-ack exclude each other");
    }
    if (autoAck && (autoExtend || releaseOnDisconnect)) {
      throw new UsageException(
          "--auto-ack excludes --auto-extend and --release-on-disconnect: a job is done once it is"
              + " sent");
    }
    if (exec.isGiven()) {
      return exec();
    }
    WatchMode mode = new WatchMode(ack, autoAck, count, json);
    try (Connection connection = connectionOptions.open()) {
      return watch(connection, mode);
    }
  }

  private int exec() throws InterruptedException {
    if (ack || autoAck || autoExtend || releaseOnDisconnect) {
      throw new UsageException(
          "--exec excludes --ack, --auto-ack, --auto-extend and --release-on-disconnect: the"
              + " command's exit code decides");
    }
    WorkerSettings settings = WorkerSettings.of(queues.toArray(String[]::new)).withName(watcherId);
    try (Connection connection = connectionOptions.open()) {
      exec.run(connection, console, lease == null ? settings : settings.withLease(lease), count);
    }
    return ExitCode.DONE;
  }

  private int watch(Connection connection, WatchMode mode) throws InterruptedException {
    Leases leases = new Leases(connection);
    Optional<Acker> acker =
        mode.ack() ? Optional.of(new Acker(leases, new AckNotes(console))) : Optional.empty();
    JobOutput output = new JobOutput(leases, console, mode, acker);
    Watch watch = new Watch(connection, request(), output, new Backoff(new SplittableRandom()));
    try (Interrupt interrupt = Interrupt.runs(watch::stop)) {
      try {
        watch.run();
      } finally {
        if (acker.isPresent()) {
          acker.get().close();
        }
      }
    }
    return acker.map(Acker::isComplete).orElse(true) ? ExitCode.DONE : ExitCode.REFUSED;
  }

  private WatchDueRequest request() {
    WatchDueRequest.Builder request =
        WatchDueRequest.newBuilder()
            .addAllQueues(queues)
            .setWatcherId(watcherId)
            .setMaxOutstandingJobs(maxOutstanding)
            .setAutoExtend(autoExtend)
            .setAutoAck(autoAck);
    if (lease != null) {
      request.setLeaseDuration(TimeText.toProto(lease));
    }
    if (releaseOnDisconnect) {
      request.setDisconnectPolicy(DisconnectPolicy.DISCONNECT_POLICY_RELEASE);
    }
    return request.build();
  }
}
