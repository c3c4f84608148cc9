package dev.dueline.cli;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.remote.ServiceCommand;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.Fields;
import dev.dueline.cli.text.IdText;
import dev.dueline.cli.text.TimeText;
import dev.dueline.cli.text.Words;
import dev.dueline.client.Connection;
import dev.dueline.v1.Job;
import dev.dueline.v1.JobState;
import dev.dueline.v1.ListJobsRequest;
import dev.dueline.v1.ListJobsResponse;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the jobs of one queue in one state, page after page. */
@Command(
    name = "list",
    description = "Prints jobs by due time, a line each: due time, job id, state, failed attempts.")
final class ListCommand extends ServiceCommand {
  private static final Words<JobState> STATES = Words.of(JobState.class);

  /** Jobs in a page, by the contract; fewer with payloads, to keep an answer below 128 MiB. */
  private static final int PAGE = 1_000;

  private static final int PAGE_WITH_PAYLOADS = 100;

  @Parameters(
      index = "0",
      paramLabel = "QUEUE",
      converter = IdText.Reader.class,
      description = "The queue.")
  private String queue = "";

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "pending (the default), leased or dead.")
  private JobState state = JobState.JOB_STATE_PENDING;

  @Option(names = "--from", paramLabel = "TIME", description = "Due at this time or later.")
  private @Nullable Instant from;

  @Option(names = "--to", paramLabel = "TIME", description = "Due before this time.")
  private @Nullable Instant to;

  @Option(names = "--limit", paramLabel = "N", description = "Lists no more jobs than this.")
  private long limit = Long.MAX_VALUE;

  @Option(names = "--payload", description = "Adds the payload to each line.")
  private boolean payload;

  ListCommand(Console console, ConnectionOptions connection) {
    super(console, connection);
  }

  @Override
  protected int run(Connection service) {
    ListJobsRequest.Builder request = request();
    long left = limit;
    // A reader that has gone, as in "list … | head", ends it too.
    while (left > 0 && !console().out().checkError()) {
      request.setPageSize((int) Math.min(left, payload ? PAGE_WITH_PAYLOADS : PAGE));
      ListJobsResponse page = service.unary().listJobs(request.build());
      page.getJobsList().stream().limit(left).forEach(this::print);
      left -= page.getJobsCount();
      if (page.getNextPageToken().isEmpty()) {
        break;
      }
      request.setPageToken(page.getNextPageToken());
    }
    return ExitCode.DONE;
  }

  private ListJobsRequest.Builder request() {
    ListJobsRequest.Builder request =
        ListJobsRequest.newBuilder().setQueue(queue).setState(state).setIncludePayload(payload);
    if (from != null) {
      request.setStartTime(TimeText.toProto(from));
    }
    if (to != null) {
      request.setEndTime(TimeText.toProto(to));
    }
    return request;
  }

  private void print(Job job) {
    Fields fields =
        new Fields()
            .time("due_time", job.getDueTime())
            .id("job_id", job.getJobId())
            .add("state", STATES.format(job.getState()))
            .add("failed_attempts", job.getFailedAttempts());
    if (isJson()) {
      fields = JobFields.of(job);
    } else if (payload) {
      fields.payload(job.getPayload());
    }
    print(fields);
  }
}
