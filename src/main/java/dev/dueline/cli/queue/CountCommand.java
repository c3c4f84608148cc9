package dev.dueline.cli.queue;

import com.google.protobuf.Timestamp;
import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.remote.ServiceCommand;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.Fields;
import dev.dueline.cli.text.IdText;
import dev.dueline.cli.text.TimeText;
import dev.dueline.cli.text.UsageException;
import dev.dueline.client.Connection;
import dev.dueline.text.DurationText;
import dev.dueline.v1.CountJobsRequest;
import dev.dueline.v1.JobState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Counts the jobs of a queue between times. */
@Command(
    name = "count",
    description = {
      "Counts the jobs of a queue between times; prints a line for each part: from, to, jobs,",
      "with a - where it has no bound. It counts pending jobs by due time, leased ones by the end",
      "of their leases, dead ones by their time of death."
    })
final class CountCommand extends ServiceCommand {
  private static final String UNBOUNDED = "-";

  @Parameters(
      index = "0",
      paramLabel = "QUEUE",
      converter = IdText.Reader.class,
      description = "The queue.")
  private String queue = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "TIME",
      description = "Where parts meet, in their order: times, or durations from now: 0s 1m 1h 1d.")
  private List<String> times = new ArrayList<>();

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "pending (the default), leased or dead.")
  private JobState state = JobState.JOB_STATE_PENDING;

  CountCommand(Console console, ConnectionOptions connection) {
    super(console, connection);
  }

  @Override
  protected int run(Connection service) {
    Instant now = Instant.now();
    List<Timestamp> boundaries =
        times.stream().map(text -> TimeText.toProto(time(text, now))).toList();
    CountJobsRequest request =
        CountJobsRequest.newBuilder()
            .setQueue(queue)
            .setState(state)
            .addAllBoundaries(boundaries)
            .build();
    String from = UNBOUNDED;
    int part = 0;
    for (long count : service.queues().countJobs(request).getCountsList()) {
      boolean isLast = part == boundaries.size();
      String to = isLast ? UNBOUNDED : TimeText.format(boundaries.get(part));
      print(new Fields().add("from", from).add("to", to).add("jobs", count));
      from = to;
      part++;
    }
    return ExitCode.DONE;
  }

  private static Instant time(String text, Instant now) {
    try {
      return text.contains(":") ? TimeText.parse(text) : now.plus(DurationText.parse(text));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
