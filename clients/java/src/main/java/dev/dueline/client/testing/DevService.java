package dev.dueline.client.testing;

import com.google.protobuf.Timestamp;
import dev.dueline.client.Connection;
import dev.dueline.client.ConnectionSettings;
import dev.dueline.client.worker.Delivery;
import dev.dueline.client.worker.JobHandler;
import dev.dueline.client.worker.StopMode;
import dev.dueline.client.worker.Worker;
import dev.dueline.client.worker.WorkerListener;
import dev.dueline.client.worker.WorkerSettings;
import dev.dueline.testing.v1.AdvanceRequest;
import dev.dueline.testing.v1.AdvanceResponse;
import dev.dueline.testing.v1.AdvanceToNextRequest;
import dev.dueline.testing.v1.ClockServiceGrpc;
import dev.dueline.testing.v1.ClockServiceGrpc.ClockServiceBlockingStub;
import dev.dueline.testing.v1.GetTimeRequest;
import dev.dueline.testing.v1.JobCounts;
import dev.dueline.testing.v1.ResetRequest;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.Job;
import dev.dueline.v1.JobState;
import dev.dueline.v1.SchedulerServiceGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A service that one test has for itself, and whose clock it moves. The environment variable {@code
 * DUELINE_DEV} names what is started: the path of {@code quarkus-run.jar} or of the native binary.
 * Its methods are for the thread of the test; what the service refuses is a {@link
 * StatusRuntimeException}, and an assertion that does not hold an {@link AssertionError}.
 */
public final class DevService implements AutoCloseable {
  /** All that the service allows, in real time: a slow machine is to fail no test. */
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** Due times are rounded up to a millisecond, create times down. */
  private static final Duration ROUNDED = Duration.ofMillis(1);

  private final DevProcess process;
  private final Connection connection;
  private final ClockServiceBlockingStub clock;
  private final List<Worker> workers = new ArrayList<>();
  private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();

  private DevService(DevProcess process) {
    this.process = process;
    this.connection =
        Connection.open(ConnectionSettings.to(process.address()).withTimeouts(TIMEOUT, TIMEOUT));
    this.clock = ClockServiceGrpc.newBlockingStub(connection.channel());
  }

  /** An empty one, whose clock is not before that of earlier tests. */
  public static DevService start() {
    DevService dev = new DevService(DevProcess.take());
    dev.reset();
    return dev;
  }

  /** Stops its workers, and leaves it to the tests after this one. */
  @Override
  public void close() {
    workers.forEach(worker -> worker.stop(StopMode.GIVE_BACK, Duration.ZERO).join());
    connection.close();
    process.giveBack();
  }

  /** A connection to it, which is closed with this. */
  public Connection connection() {
    return connection;
  }

  /** {@code host:port}, for code that makes a connection of its own. */
  public String address() {
    return process.address();
  }

  /** The time by its clock. */
  public Instant now() {
    return instant(clock.getTime(GetTimeRequest.getDefaultInstance()).getTime());
  }

  /** Empties it, and forgets deliveries. The clock and the workers stay. */
  public void reset() {
    deliveries.clear();
    var unused = clock.reset(ResetRequest.getDefaultInstance());
  }

  /** Moves the clock on from one event to the next, and lets handlers end at each. */
  public JobCounts advance(Duration by) {
    return advance(AdvanceRequest.newBuilder().setBy(proto(by)));
  }

  /** The same to a time that is not before now. */
  public JobCounts advanceTo(Instant time) {
    return advance(
        AdvanceRequest.newBuilder()
            .setTo(
                Timestamp.newBuilder()
                    .setSeconds(time.getEpochSecond())
                    .setNanos(time.getNano())));
  }

  private JobCounts advance(AdvanceRequest.Builder request) {
    AdvanceResponse answer = clock.advance(request.setSettleTimeout(proto(TIMEOUT)).build());
    if (answer.getIncomplete()) {
      throw new IllegalStateException(
          "after " + answer.getSteps() + " events it is only " + instant(answer.getTime()));
    }
    return answer.getJobs();
  }

  /** The same to the next event, if one comes. */
  public JobCounts advanceToNext() {
    return clock
        .advanceToNext(AdvanceToNextRequest.newBuilder().setSettleTimeout(proto(TIMEOUT)).build())
        .getJobs();
  }

  /** Works off a queue, one job at a time, until the test ends; connected when this returns. */
  public void worker(String queue, JobHandler handler) {
    CompletableFuture<Object> connected = new CompletableFuture<>();
    Worker worker =
        new Worker(
            connection,
            WorkerSettings.of(queue).withConcurrency(1),
            delivery -> {
              deliveries.add(delivery);
              return handler.handle(delivery);
            },
            new WorkerListener() {
              @Override
              public void connected() {
                connected.complete(queue);
              }
            });
    workers.add(worker);
    CompletableFuture.anyOf(connected, worker.start()).join();
  }

  /** Says that a job waits for a time, of which a part of a millisecond counts as one. */
  public void assertScheduled(String queue, String jobId, Instant due) {
    Job job = job(queue, jobId);
    Instant rounded = due.plusNanos(999_999).truncatedTo(ChronoUnit.MILLIS);
    check(isPending(job) && instant(job.getDueTime()).equals(rounded), job, "is not due at " + due);
  }

  /** Says that a job waits for so long from when it was stored. */
  public void assertScheduled(String queue, String jobId, Duration delay) {
    Job job = job(queue, jobId);
    Duration off =
        Duration.between(instant(job.getCreateTime()), instant(job.getDueTime())).minus(delay);
    boolean isSo = isPending(job) && !off.isNegative() && off.compareTo(ROUNDED) <= 0;
    check(isSo, job, "does not wait for " + delay);
  }

  /** Says that a job does not come (again): there is none, or it is dead. */
  public void assertNotScheduled(String queue, String jobId) {
    Job job = job(queue, jobId);
    JobState state = job.getState();
    check(
        state == JobState.JOB_STATE_UNSPECIFIED || state == JobState.JOB_STATE_DEAD,
        job,
        "is scheduled");
  }

  /**
   * Says how often a job came to workers of this test, and has these deliveries. What is due comes
   * before.
   */
  public List<Delivery> assertDelivered(String queue, String jobId, int times) {
    var unused = advance(Duration.ZERO);
    List<Delivery> found =
        deliveries.stream()
            .filter(each -> each.queue().equals(queue) && each.jobId().equals(jobId))
            .toList();
    check(found.size() == times, job(queue, jobId), "came " + found.size() + " times, not " + times);
    return found;
  }

  /** One without a state where there is none. */
  private Job job(String queue, String jobId) {
    try {
      return SchedulerServiceGrpc.newBlockingStub(connection.channel())
          .getJob(GetJobRequest.newBuilder().setQueue(queue).setJobId(jobId).build())
          .getJob();
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Job.newBuilder().setQueue(queue).setJobId(jobId).build();
      }
      throw e;
    }
  }

  private static boolean isPending(Job job) {
    return job.getState() == JobState.JOB_STATE_PENDING;
  }

  private static void check(boolean holds, Job job, String fault) {
    if (!holds) {
      throw new AssertionError(job.getQueue() + "/" + job.getJobId() + " " + fault + "\n" + job);
    }
  }

  private static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  private static com.google.protobuf.Duration proto(Duration time) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(time.getSeconds())
        .setNanos(time.getNano())
        .build();
  }
}
