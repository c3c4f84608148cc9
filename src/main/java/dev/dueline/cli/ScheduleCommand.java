package dev.dueline.cli;

import com.google.protobuf.ByteString;
import dev.dueline.cli.file.FileOptions;
import dev.dueline.cli.file.FileSchedule;
import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.remote.ServiceCommand;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.Fields;
import dev.dueline.cli.text.IdText;
import dev.dueline.cli.text.TimeText;
import dev.dueline.cli.text.UsageException;
import dev.dueline.cli.text.Words;
import dev.dueline.client.Connection;
import dev.dueline.client.producer.BatchingProducer;
import dev.dueline.v1.ConflictPolicy;
import dev.dueline.v1.JobState;
import dev.dueline.v1.Recurrence;
import dev.dueline.v1.RetryPolicy;
import dev.dueline.v1.ScheduleOutcome;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stores one job. */
@Command(
    name = "schedule",
    description =
        "Stores one job and prints: outcome, job id, due time. Due at once by default,"
            + " or when its rule says. Fails where a dead job keeps the id.")
final class ScheduleCommand extends ServiceCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "QUEUE",
      converter = IdText.Reader.class,
      description = "The queue; of --from-file, that of lines without one.")
  private @Nullable String queue;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PAYLOAD",
      description = "The payload as text; - reads standard input.")
  private @Nullable String text;

  @Mixin private final PayloadOptions payload = new PayloadOptions();

  @Mixin private final DueOptions due = new DueOptions();

  @Mixin private final RetryOptions retry = new RetryOptions();

  @Mixin private final RecurrenceOptions recurrence = new RecurrenceOptions();

  @Option(
      names = "--id",
      paramLabel = "ID",
      converter = IdText.Reader.class,
      description = "The job's id; without one the service makes one.")
  private String jobId = "";

  @Option(
      names = "--request-id",
      paramLabel = "ID",
      description =
          "Names this request: given again within ten minutes, it changes nothing, whatever became"
              + " of the job.")
  private String requestId = "";

  @Option(
      names = "--attribute",
      paramLabel = "NAME=VALUE",
      description = "An attribute; may be given again.")
  private Map<String, String> attributes = new HashMap<>();

  @Option(
      names = "--ttl",
      paramLabel = "DURATION",
      description = "Drops the job when it is not delivered so long after its due time.")
  private @Nullable Duration ttl;

  @Option(
      names = "--on-conflict",
      paramLabel = "POLICY",
      description =
          "When a job has the id, also a dead one: reject (the default), keep, replace,"
              + " replace-if-earlier, replace-if-later.")
  private ConflictPolicy conflictPolicy = ConflictPolicy.CONFLICT_POLICY_UNSPECIFIED;

  @Mixin private final FileOptions file = new FileOptions();

  ScheduleCommand(Console console, ConnectionOptions connection) {
    super(console, connection);
  }

  @Override
  protected int run(Connection service) throws InterruptedException {
    if (file.isGiven()) {
      return scheduleFile(service);
    }
    if (queue == null) {
      throw new UsageException("Missing required parameter: 'QUEUE'");
    }
    ScheduleRequest request = request(queue);
    ScheduleResponse response = service.unary().schedule(request);
    print(
        new Fields()
            .add("outcome", Words.of(ScheduleOutcome.class).format(response.getOutcome()))
            .id("job_id", response.getJobId())
            .time("due_time", response.getDueTime())
            .inJson("job_state", Words.of(JobState.class).format(response.getJobState())));
    if (response.getJobState() != JobState.JOB_STATE_DEAD) {
      return ExitCode.DONE;
    }
    console()
        .note(
            "the job that has this id is dead, so nothing will run: --on-conflict replace puts a"
                + " new one in its place, queue redrive tries the old one again");
    return ExitCode.REFUSED;
  }

  private int scheduleFile(Connection service) throws InterruptedException {
    if (text != null) {
      throw new UsageException("--from-file has the payloads: give none beside it");
    }
    FileSchedule jobs =
        new FileSchedule(
            file, console(), queue == null ? "" : queue, new BatchingProducer(service));
    try {
      printEach(jobs.run());
    } catch (IOException e) {
      throw new UsageException("Cannot go on: " + e);
    }
    return jobs.exitCode();
  }

  private ScheduleRequest request(String queue) {
    ScheduleRequest.Builder request =
        ScheduleRequest.newBuilder()
            .setQueue(queue)
            .setJobId(jobId)
            .setRequestId(requestId)
            .setPayload(readPayload())
            .putAllAttributes(attributes)
            .setConflictPolicy(conflictPolicy);
    due.apply(request::setDelay, request::setDueTime);
    if (ttl != null) {
      request.setTtl(TimeText.toProto(ttl));
    }
    RetryPolicy policy = retry.toProto();
    if (!policy.equals(RetryPolicy.getDefaultInstance())) {
      request.setRetryPolicy(policy);
    }
    Recurrence rule = recurrence.toProto();
    if (rule != null) {
      request.setRecurrence(rule);
    }
    return request.build();
  }

  private ByteString readPayload() {
    try {
      return payload.read(text, console().in());
    } catch (IOException e) {
      throw new UsageException("Cannot read the payload: " + e);
    }
  }
}
