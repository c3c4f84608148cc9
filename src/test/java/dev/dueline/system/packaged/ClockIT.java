package dev.dueline.system.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.dueline.client.Connection;
import dev.dueline.client.worker.Delivery;
import dev.dueline.client.worker.JobHandler;
import dev.dueline.client.worker.Result;
import dev.dueline.client.worker.StopMode;
import dev.dueline.client.worker.Worker;
import dev.dueline.client.worker.WorkerSettings;
import dev.dueline.system.process.DevProcess;
import dev.dueline.testing.v1.AdvanceRequest;
import dev.dueline.testing.v1.AdvanceResponse;
import dev.dueline.testing.v1.ClockServiceGrpc;
import dev.dueline.testing.v1.GetTimeRequest;
import dev.dueline.testing.v1.JobCounts;
import dev.dueline.testing.v1.ResetRequest;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.JobState;
import dev.dueline.v1.ListWatchersRequest;
import dev.dueline.v1.QueueServiceGrpc;
import dev.dueline.v1.Recurrence;
import dev.dueline.v1.RetryPolicy;
import dev.dueline.v1.ScheduleRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Days of a service's work in seconds, with a worker as users have it. */
class ClockIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static DevProcess service;
  private static ManagedChannel channel;

  private final List<Delivery> received = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() {
    service = DevProcess.start("--test-clock");
    channel = channel(service);
  }

  @AfterAll
  static void stop() {
    channel.shutdownNow();
    service.close();
  }

  @AfterEach
  void reset() {
    var unused = clock().reset(ResetRequest.getDefaultInstance());
  }

  private static ManagedChannel channel(DevProcess of) {
    return NettyChannelBuilder.forTarget(of.ready().get("address").getAsString())
        .usePlaintext()
        .build();
  }

  private static ClockServiceGrpc.ClockServiceBlockingStub clock() {
    return ClockServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
  }

  private static AdvanceResponse advance(Duration by) {
    return clock()
        .advance(AdvanceRequest.newBuilder().setBy(Durations.fromSeconds(by.toSeconds())).build());
  }

  private static ScheduleRequest.Builder job(String queue, String id) {
    return ScheduleRequest.newBuilder().setQueue(queue).setJobId(id);
  }

  private static void schedule(ScheduleRequest.Builder job) {
    var unused = service.calls().schedule(job.build());
  }

  /** Runs while a worker is connected. */
  private void withWorker(
      String queue, ManagedChannel over, JobHandler.Blocking work, Runnable run) {
    Worker worker =
        new Worker(
            Connection.over(over, TIMEOUT),
            WorkerSettings.of(queue),
            JobHandler.blocking(
                delivery -> {
                  received.add(delivery);
                  return work.handle(delivery);
                }));
    var end = worker.start();
    try {
      run.run();
    } finally {
      worker.stop(StopMode.GIVE_BACK, Duration.ZERO).join();
    }
    // Fails if the service refused the worker.
    end.orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** A queue is there with its first job, and a worker once it is listed. */
  private static void awaitWorker(String queue, ManagedChannel over) {
    ListWatchersRequest request = ListWatchersRequest.newBuilder().setQueue(queue).build();
    await()
        .atMost(TIMEOUT)
        .until(
            () ->
                QueueServiceGrpc.newBlockingStub(over)
                        .withDeadlineAfter(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                        .listWatchers(request)
                        .getWatchersCount()
                    > 0);
  }

  @Test
  void aReminderComesInThreeDaysUnlessTheOrderIsPaid() {
    schedule(job("reminders", "paid").setDelay(Durations.fromDays(3)));
    schedule(job("reminders", "unpaid").setDelay(Durations.fromDays(3)));
    withWorker(
        "reminders",
        channel,
        delivery -> Result.done(),
        () -> {
          awaitWorker("reminders", channel);
          assertThat(advance(Duration.ofDays(2)).getJobs())
              .isEqualTo(JobCounts.getDefaultInstance());
          var unused =
              service
                  .calls()
                  .cancel(
                      CancelRequest.newBuilder().setQueue("reminders").setJobId("paid").build());

          JobCounts rest = advance(Duration.ofDays(2)).getJobs();

          assertThat(rest)
              .isEqualTo(JobCounts.newBuilder().setDelivered(1).setAcknowledged(1).build());
          assertThat(received).extracting(each -> each.job().getJobId()).containsExactly("unpaid");
        });
  }

  @Test
  void aNightlyJobKeepsItsHourOverAChangeToSummerTime() {
    Timestamp now = clock().getTime(GetTimeRequest.getDefaultInstance()).getTime();
    int year = Instant.ofEpochSecond(now.getSeconds()).atZone(BERLIN).getYear() + 1;
    LocalDate change =
        BERLIN
            .getRules()
            .nextTransition(LocalDate.of(year, 1, 1).atStartOfDay(BERLIN).toInstant())
            .getDateTimeBefore()
            .toLocalDate();
    long before = change.minusDays(1).atStartOfDay(BERLIN).toEpochSecond();
    var unused =
        clock().advance(AdvanceRequest.newBuilder().setTo(Timestamps.fromSeconds(before)).build());
    schedule(
        job("nightly", "report")
            .setRecurrence(
                Recurrence.newBuilder().setCron("30 2 * * *").setTimeZone("Europe/Berlin")));
    withWorker(
        "nightly",
        channel,
        delivery -> Result.done(),
        () -> {
          awaitWorker("nightly", channel);
          assertThat(advance(Duration.ofDays(3)).getJobs().getAcknowledged()).isEqualTo(3);
        });
    assertThat(received)
        .extracting(each -> local(each.job().getDueTime()))
        .containsExactly(
            change.minusDays(1).atTime(2, 30),
            // There is no half past two on this day.
            change.atTime(3, 0),
            change.plusDays(1).atTime(2, 30));
  }

  private static LocalDateTime local(Timestamp time) {
    return LocalDateTime.ofInstant(Instant.ofEpochSecond(time.getSeconds()), BERLIN);
  }

  @Test
  void aJobThatFailsIsTriedAgainUntilItIsDead() {
    schedule(
        job("mail", "ann")
            .setDelay(Durations.fromHours(1))
            .setRetryPolicy(
                RetryPolicy.newBuilder()
                    .setMaxAttempts(4)
                    .setInitialBackoff(Durations.fromMinutes(10))
                    .setMaxBackoff(Durations.fromHours(1))
                    .setMultiplier(2)));
    withWorker(
        "mail",
        channel,
        delivery -> {
          throw new IllegalStateException("the server is away");
        },
        () -> {
          awaitWorker("mail", channel);
          assertThat(advance(Duration.ofDays(1)).getJobs())
              .isEqualTo(JobCounts.newBuilder().setDelivered(4).setRetried(3).setDied(1).build());
        });
    assertThat(
            service
                .calls()
                .getJob(GetJobRequest.newBuilder().setQueue("mail").setJobId("ann").build())
                .getJob()
                .getState())
        .isEqualTo(JobState.JOB_STATE_DEAD);
  }

  @Test
  void theClockMovesByItselfWhereThatIsAskedFor() {
    try (DevProcess auto = DevProcess.start("--test-clock", "--auto-advance")) {
      ManagedChannel over = channel(auto);
      var unused = auto.calls().schedule(job("q", "a").setDelay(Durations.fromDays(3)).build());
      withWorker(
          "q",
          over,
          delivery -> Result.done(),
          () -> await().atMost(TIMEOUT).until(() -> received.size() == 1));
      over.shutdownNow();
    }
  }
}
