package dev.dueline.system.security.callers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.RepeatedCalls;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client whose connections end of age, and who watches anew when it is asked to. */
class ConnectionAgeIT {
  private static final String QUEUE = "aged";
  private static final int JOBS = 400;
  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  private final Queue<String> received = new ConcurrentLinkedQueue<>();
  private final Queue<Status> ends = new ConcurrentLinkedQueue<>();
  private final AtomicInteger drained = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();

  @Test
  void watchersMoveAndNothingIsLostOrComesTwice(@TempDir Path data) {
    try (RedisServer redis = RedisServer.start(data, LoopbackPort.free(), List.of("save \"\""));
        ServiceProcess service =
            ServiceProcess.start(
                "quarkus.redis.hosts=redis://127.0.0.1:" + redis.port(),
                "dueline.limits.connection-age=2s",
                "dueline.store.timeout=30s",
                // Long enough for a machine that stands still to settle what it has.
                "dueline.limits.connection-age-grace=60s")) {
      watch(service);
      for (int i = 0; i < JOBS; i++) {
        // The last of them falls due when three connections have ended of age.
        var scheduled =
            service
                .calls()
                .schedule(
                    ScheduleRequest.newBuilder()
                        .setQueue(QUEUE)
                        .setJobId("job-" + i)
                        .setDelay(Durations.fromMillis(i * 8_000L / JOBS))
                        .build());
      }
      await("all jobs").atMost(TIMEOUT).until(() -> received.size() >= JOBS);
      await("moves").atMost(TIMEOUT).until(() -> drained.get() >= 2 && ends.size() >= 2);
      assertThat(received)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, JOBS).mapToObj(i -> "job-" + i).toList());
      assertThat(lost).hasValue(0);
      assertThat(ends).allMatch(end -> end.getCode() == Status.Code.UNAVAILABLE);
      assertThat(service.log()).doesNotContain("ERROR");
    }
  }

  /** Reads a stream to its end, and opens the next when it drains. */
  private void watch(ServiceProcess service) {
    var stub = SchedulerServiceGrpc.newStub(service.channel());
    stub.watchDue(
        WatchDueRequest.newBuilder().addQueues(QUEUE).setMaxOutstandingJobs(10).build(),
        new StreamObserver<>() {
          private boolean hasMoved;

          @Override
          public void onNext(WatchDueResponse event) {
            if (event.hasDraining()) {
              drained.incrementAndGet();
              hasMoved = true;
              watch(service);
            }
            event.getDueJobs().getJobsList().forEach(job -> ack(service, job));
          }

          @Override
          public void onError(Throwable thrown) {
            if (service.isAlive() && hasMoved) {
              ends.add(Status.fromThrowable(thrown));
            }
          }

          @Override
          public void onCompleted() {
            ends.add(Status.OK);
          }
        });
  }

  private void ack(ServiceProcess service, DueJob job) {
    received.add(job.getJobId());
    SchedulerServiceGrpc.newStub(service.channel())
        .withInterceptors(new RepeatedCalls())
        .ack(
            AckRequest.newBuilder().addLeaseTokens(job.getLeaseToken()).build(),
            new StreamObserver<>() {
              @Override
              public void onNext(AckResponse answer) {
                lost.addAndGet(answer.getOutcomes(0) == LeaseOutcome.LEASE_OUTCOME_OK ? 0 : 1);
              }

              @Override
              public void onError(Throwable thrown) {
                lost.incrementAndGet();
              }

              @Override
              public void onCompleted() {
                // The answer came before.
              }
            });
  }
}
