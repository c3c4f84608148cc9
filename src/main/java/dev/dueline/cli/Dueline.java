package dev.dueline.cli;

import dev.dueline.cli.bench.BenchCommand;
import dev.dueline.cli.bench.load.Amount;
import dev.dueline.cli.bench.report.Threshold;
import dev.dueline.cli.completion.CompletionCommand;
import dev.dueline.cli.debug.DebugCommand;
import dev.dueline.cli.debug.ShardView;
import dev.dueline.cli.dev.DevCommand;
import dev.dueline.cli.dev.DevStart;
import dev.dueline.cli.queue.QueueCommand;
import dev.dueline.cli.remote.CallFailure;
import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.TimeText;
import dev.dueline.cli.text.UsageException;
import dev.dueline.cli.text.Words;
import dev.dueline.cli.watch.WatchCommand;
import dev.dueline.client.ServerAddress;
import dev.dueline.text.DurationText;
import dev.dueline.v1.ConflictPolicy;
import dev.dueline.v1.JobState;
import dev.dueline.v1.MissedRunPolicy;
import dev.dueline.v1.PurgeState;
import io.grpc.StatusRuntimeException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** The command {@code dueline} and all below it. */
@Command(
    name = "dueline",
    description = "Schedules jobs, and watches them fall due.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "No command, or 'serve', starts the service; 'dev' one for development and tests.",
      "Ids and queues are printed so that they can be given back: \\u{2d} stands for a - in front,",
      "\\u{…} for what cannot be seen. As they are, those that begin with - come behind --.",
      "Durations: 40s, 1500ms, 3d2h, PT40S. Times: 2026-11-24T12:15:00Z.",
      "Exit codes: 0 done, 1 refused, 2 usage, 3 unreachable, or out of memory."
    })
public final class Dueline {
  @Mixin private final ConnectionOptions connection = new ConnectionOptions();

  private Dueline() {}

  /**
   * Runs one command on the process's own streams and returns its exit code.
   *
   * @param service what commands need of the service's own code
   */
  public static int run(ServiceSide service, String... args) {
    // What the libraries log is not for whoever reads the answer; failures come as exceptions.
    Logger.getLogger("").setLevel(Level.OFF);
    Console console =
        new Console(
            System.in,
            new PrintWriter(System.out, false, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    return run(console, service, args);
  }

  /** Runs one command and returns its exit code, one of {@link ExitCode}. */
  static int run(Console console, ServiceSide service, String... args) {
    int exitCode = commandLine(console, service, args).execute(args);
    console.out().flush();
    return exitCode;
  }

  private static CommandLine commandLine(Console console, ServiceSide service, String... args) {
    Dueline dueline = new Dueline();
    CommandLine line = new CommandLine(dueline).addSubcommand(new DevCommand(service.dev()));
    // A test waits for its service, and need not wait for commands that it has no use for.
    if (args.length == 0 || !args[0].equals(DevCommand.NAME)) {
      addClient(line, console, dueline.connection);
      DebugCommand.addTo(line, console, dueline.connection, service.shards());
    }
    return line.setExpandAtFiles(false) // An id may begin with @.
        .setOut(console.out())
        .setErr(console.err())
        .registerConverter(Duration.class, reads(DurationText::parse))
        .registerConverter(ServerAddress.class, reads(ServerAddress::parse))
        .setParameterExceptionHandler(
            (failure, words) -> usage(console, failure.getCommandLine(), failure))
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> failed(console, command, failure));
  }

  private static void addClient(CommandLine line, Console console, ConnectionOptions connection) {
    line.addSubcommand(new ScheduleCommand(console, connection))
        .addSubcommand(new RescheduleCommand(console, connection))
        .addSubcommand(new CancelCommand(console, connection))
        .addSubcommand(new GetCommand(console, connection))
        .addSubcommand(new ListCommand(console, connection))
        .addSubcommand(new WatchCommand(console, connection))
        .addSubcommand(new AckCommand(console, connection))
        .addSubcommand(new NackCommand(console, connection))
        .addSubcommand(new ExtendCommand(console, connection))
        .addSubcommand(new CompletionCommand(console));
    QueueCommand.addTo(line, console, connection);
    BenchCommand.addTo(line, console, connection);
    line.registerConverter(Instant.class, reads(TimeText::parse))
        .registerConverter(ConflictPolicy.class, reads(Words.of(ConflictPolicy.class)::parse))
        .registerConverter(MissedRunPolicy.class, reads(Words.of(MissedRunPolicy.class)::parse))
        .registerConverter(JobState.class, reads(Words.of(JobState.class)::parse))
        .registerConverter(PurgeState.class, reads(Words.of(PurgeState.class)::parse))
        .registerConverter(URI.class, reads(URI::create))
        .registerConverter(Amount.class, reads(Amount::parse))
        .registerConverter(Threshold.class, reads(Threshold::parse));
  }

  private static <T> ITypeConverter<T> reads(Function<String, T> parse) {
    return text -> {
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    };
  }

  private static int usage(Console console, CommandLine command, Exception failure) {
    String name = command.getCommandSpec().qualifiedName();
    console.note(failure.getMessage() + " (see " + name + " --help)");
    return ExitCode.USAGE;
  }

  private static int failed(Console console, CommandLine command, Exception failure) {
    if (failure instanceof StatusRuntimeException status) {
      CallFailure call = CallFailure.of(status);
      if (command.getParseResult().hasMatchedOption("--json")) {
        console.err().println(call.json());
      } else {
        console.note(call.line());
      }
      return call.exitCode();
    }
    if (failure instanceof UsageException) {
      return usage(console, command, failure);
    }
    console.note(failure.toString());
    return ExitCode.REFUSED;
  }

  /**
   * What commands need of the service's own code, of which the command line knows nothing.
   *
   * @param dev what {@code dev} starts
   * @param shards what {@code debug shard} prints
   */
  public record ServiceSide(DevStart dev, ShardView shards) {}
}
