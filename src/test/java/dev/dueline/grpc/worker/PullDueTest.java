package dev.dueline.grpc.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import com.google.rpc.Code;
import dev.dueline.access.Principal;
import dev.dueline.delivery.watch.DrainingException;
import dev.dueline.grpc.Deliveries;
import dev.dueline.grpc.ManualLoop;
import dev.dueline.grpc.Rejection;
import dev.dueline.grpc.TestLimits;
import dev.dueline.grpc.TestService;
import dev.dueline.grpc.message.MessageBytes;
import dev.dueline.job.Failures;
import dev.dueline.job.lease.Delivery;
import dev.dueline.store.news.WatchToken;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.JobState;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.PullDueResponse;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.SchedulerServiceGrpc;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** PullDue over a real channel. */
class PullDueTest {
  private static final long ANYBODY = WatchToken.ownerOf(Principal.ANYBODY.name());

  private final CompletableFuture<List<Object>> asked = new CompletableFuture<>();
  private Uni<List<Delivery>> jobs = Uni.createFrom().item(List.of());
  private final TestService service =
      new TestService(
          TestLimits.DEFAULTS,
          1,
          new ManualLoop(),
          (owner, queues, most, leaseMs, wait) -> {
            asked.complete(List.of(owner, queues.get(0).value(), most, leaseMs, wait));
            return jobs;
          });

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void defaultsAreFilledIn() {
    assertThat(pull(request())).isEqualTo(PullDueResponse.getDefaultInstance());
    assertThat(asked.join()).containsExactly(ANYBODY, "q", 1, 30_000L, Duration.ZERO);
  }

  @Test
  void whatIsAskedForIsPassedOn() {
    pull(
        request()
            .setMaxJobs(7)
            .setLeaseDuration(Durations.fromMillis(2_000))
            .setWaitTime(Durations.fromMillis(60_000)));
    assertThat(asked.join()).containsExactly(ANYBODY, "q", 7, 2_000L, Duration.ofMinutes(1));
  }

  @Test
  void jobsComeInOrder() {
    jobs = Uni.createFrom().item(Deliveries.of(3, 10));
    assertThat(pull(request()).getJobsList())
        .extracting(DueJob::getJobId)
        .containsExactly("j0", "j1", "j2");
  }

  @Test
  void whatDoesNotFitInAnAnswerGoesBack() {
    for (int i = 0; i < 20; i++) {
      service
          .client()
          .schedule(ScheduleRequest.newBuilder().setQueue("q").setJobId("j" + i).build());
    }
    List<Delivery> large = new ArrayList<>();
    for (Delivery held : service.lease("q", 20)) {
      Delivery shape = Deliveries.of(held.job().id().value(), 262_144);
      large.add(new Delivery(held.token(), shape.job(), 0, 0, 0, 1, Failures.NONE));
    }
    jobs = Uni.createFrom().item(large);
    PullDueResponse answer = pull(request().setMaxJobs(20));
    assertThat(answer.getSerializedSize()).isLessThan(MessageBytes.MAX_LIST + 1_024);
    assertThat(answer.getJobsCount()).isEqualTo(13);
    for (int i = 0; i < 20; i++) {
      String id = large.get(i).job().id().value();
      GetJobRequest get = GetJobRequest.newBuilder().setQueue("q").setJobId(id).build();
      assertThat(service.client().getJob(get).getJob().getState())
          .isEqualTo(i < 13 ? JobState.JOB_STATE_LEASED : JobState.JOB_STATE_PENDING);
    }
  }

  @Test
  void aCallThatEndsEarlyCancelsThePull() {
    CompletableFuture<Void> begun = new CompletableFuture<>();
    CompletableFuture<Void> canceled = new CompletableFuture<>();
    jobs =
        Uni.createFrom()
            .<List<Delivery>>nothing()
            .onSubscription()
            .invoke(() -> begun.complete(null))
            .onCancellation()
            .invoke(() -> canceled.complete(null));
    Future<PullDueResponse> call =
        SchedulerServiceGrpc.newFutureStub(service.channel)
            .pullDue(request().setWaitTime(Durations.fromMillis(60_000)).build());
    begun.join();
    call.cancel(true);
    await().atMost(Duration.ofMinutes(1)).until(canceled::isDone);
  }

  @Test
  void aDrainRefusesPulls() {
    jobs = Uni.createFrom().failure(new DrainingException());
    Rejection rejection = Rejection.of(() -> pull(request()));
    assertThat(rejection.code()).isEqualTo(Code.UNAVAILABLE);
    assertThat(rejection.reason()).isEqualTo("DRAINING");
  }

  @Test
  void whatIsWrongIsSaid() {
    assertThat(Rejection.of(() -> pull(PullDueRequest.newBuilder())).fields())
        .containsExactly("queues");
    assertThat(asked).isNotDone();
  }

  private PullDueResponse pull(PullDueRequest.Builder request) {
    return service.client().pullDue(request.build());
  }

  private static PullDueRequest.Builder request() {
    return PullDueRequest.newBuilder().addQueues("q");
  }
}
