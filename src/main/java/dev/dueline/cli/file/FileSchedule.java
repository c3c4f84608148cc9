package dev.dueline.cli.file;

import dev.dueline.cli.remote.CallFailure;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.Fields;
import dev.dueline.client.DuelineException;
import dev.dueline.client.producer.BatchingProducer;
import dev.dueline.v1.ScheduleOutcome;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import io.grpc.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Stores the jobs of a file, line after line, and keeps count. */
public final class FileSchedule {
  /** Lines whose answers are waited for; what of them is done is not known to a later run. */
  private static final int MAX_UNDER_WAY = 5_000;

  private static final long REPORT_NANOS = Duration.ofSeconds(1).toNanos();

  private final FileOptions options;
  private final Console console;
  private final String queue;
  private final BatchingProducer producer;
  private final String identity;
  private final Deque<Line> underWay = new ArrayDeque<>();
  private long done;
  private long stored;
  private long unchanged;
  private long failed;
  private long reportedNanos = System.nanoTime();

  /**
   * Jobs of the file that the options name.
   *
   * @param queue of lines that name none
   */
  public FileSchedule(
      FileOptions options, Console console, String queue, BatchingProducer producer) {
    this.options = options;
    this.console = console;
    this.queue = queue;
    this.producer = producer;
    this.identity =
        options.identity().isEmpty() ? UUID.randomUUID().toString() : options.identity();
  }

  /** A line, and what becomes of it. */
  private record Line(long number, CompletableFuture<ScheduleResponse> answer) {}

  /**
   * Stores what is not done yet.
   *
   * @return what there is to say of it
   * @throws DuelineException when the service is away, or refuses all
   */
  public Fields run() throws IOException, InterruptedException {
    done = options.linesDone();
    try (BufferedReader lines = options.open(console.in())) {
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (number > done && !line.isBlank()) {
          underWay.add(new Line(number, schedule(number, line)));
          settle(MAX_UNDER_WAY);
        }
      }
      settle(0);
      done = Math.max(done, number);
    } finally {
      report();
    }
    return new Fields().add("stored", stored).add("unchanged", unchanged).add("failed", failed);
  }

  /** One of {@link ExitCode}. */
  public int exitCode() {
    return failed == 0 ? ExitCode.DONE : ExitCode.REFUSED;
  }

  private CompletableFuture<ScheduleResponse> schedule(long number, String line)
      throws InterruptedException {
    try {
      ScheduleRequest request = JobLine.parse(line, queue);
      if (request.getRequestId().isEmpty()) {
        String name = identity + '\n' + number + '\n' + line;
        UUID id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
        request = request.toBuilder().setRequestId(id.toString()).build();
      }
      return producer.schedule(request);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Counts lines that are done, in order, until no more than so many are left. */
  private void settle(int left) throws IOException {
    while (underWay.size() > left
        || (!underWay.isEmpty() && underWay.element().answer().isDone())) {
      Line line = underWay.element();
      try {
        count(line.answer().join());
      } catch (CompletionException e) {
        refuse(line.number(), e.getCause() == null ? e : e.getCause());
      }
      underWay.remove();
      done = line.number();
      if (System.nanoTime() - reportedNanos > REPORT_NANOS) {
        report();
      }
    }
  }

  private void count(ScheduleResponse response) {
    if (response.getOutcome() == ScheduleOutcome.SCHEDULE_OUTCOME_UNCHANGED) {
      unchanged++;
    } else {
      stored++;
    }
  }

  /** A failure of one line is told; one that all others would meet ends it. */
  private void refuse(long number, Throwable failure) {
    if (failure instanceof IllegalArgumentException) {
      console.note("line " + number + ": " + failure.getMessage());
    } else {
      DuelineException refusal = DuelineException.of(failure);
      if (concernsAll(refusal.code())) {
        throw refusal;
      }
      console.note("line " + number + ": " + CallFailure.of(refusal).line());
    }
    failed++;
  }

  private static boolean concernsAll(Status.Code code) {
    return switch (code) {
      case UNAVAILABLE, DEADLINE_EXCEEDED, UNAUTHENTICATED, RESOURCE_EXHAUSTED -> true;
      default -> false;
    };
  }

  private void report() throws IOException {
    reportedNanos = System.nanoTime();
    options.keep(done);
    console.note(
        done
            + " lines done: "
            + stored
            + " stored, "
            + unchanged
            + " unchanged, "
            + failed
            + " failed");
  }
}
