package dev.dueline.client.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import dev.dueline.client.Connection;
import dev.dueline.client.ConnectionSettings;
import dev.dueline.client.DuelineException;
import dev.dueline.client.Events;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.AckResponse;
import dev.dueline.v1.ExtendLeaseRequest;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.StopWatchRequest;
import dev.dueline.v1.WatchDueRequest;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class WorkerTest extends WorkerFixture {
  private Worker worker(JobHandler handler) {
    return worker(3, handler);
  }

  private Worker worker(int concurrency, JobHandler handler) {
    return new Worker(connection, settings().withConcurrency(concurrency), handler, this);
  }

  @Test
  void theResultDecides() {
    // One for each: a job that finds none for a second goes back.
    Worker worker =
        worker(
            4,
            JobHandler.blocking(
                job ->
                    switch (job.jobId()) {
                      case "later" -> Result.retryIn(Duration.ofSeconds(7));
                      case "dead" -> Result.dead("no such mailbox");
                      case "broken" -> throw new IOException("no line");
                      default -> Result.done();
                    }));
    var unused = worker.start();
    stream(1).onNext(Events.jobs("well", "later", "dead", "broken"));
    await().atMost(LONG).until(() -> told.size() == 4);
    worker.stop(StopMode.WAIT, LONG).join();
    assertThat(told)
        .containsExactlyInAnyOrder("well ACKED", "later NACKED", "dead DEAD", "broken NACKED");
    assertThat(service.requests(AckRequest.class))
        .containsExactly(AckRequest.newBuilder().addLeaseTokens("token-well").build());
    NackRequest.Builder later = NackRequest.newBuilder().addLeaseTokens("token-later");
    later.getDelayBuilder().setSeconds(7);
    assertThat(service.requests(NackRequest.class))
        .containsExactlyInAnyOrder(
            later.build(),
            NackRequest.newBuilder()
                .addLeaseTokens("token-dead")
                .setDead(true)
                .setReason("no such mailbox")
                .build(),
            NackRequest.newBuilder().addLeaseTokens("token-broken").setReason("no line").build());
  }

  @Test
  void anAckThatIsNotAnsweredIsRepeatedWhileTheLeaseLasts() {
    AtomicInteger acks = new AtomicInteger();
    service.on(
        "Ack",
        (request, response) -> {
          if (acks.getAndIncrement() > 0) {
            response.onNext(AckResponse.newBuilder().addAllOutcomes(ok(1)).build());
            response.onCompleted();
          }
        });
    try (Connection patient =
        Connection.open(ConnectionSettings.to(service.address()).withTimeouts(LONG, LONG))) {
      // An attempt has a third of it: the next one may be as late as that again.
      WorkerSettings settings =
          settings().withLease(Duration.ofSeconds(24)).withHeartbeat(Duration.ofMinutes(1));
      JobHandler done = JobHandler.blocking(job -> Result.done());
      Worker worker = new Worker(patient, settings, done, this);
      var unused = worker.start();
      stream(1).onNext(Events.jobs("a"));
      await().atMost(LONG).until(() -> !told.isEmpty());
      assertThat(told).containsExactly("a ACKED");
      worker.stop(StopMode.WAIT, LONG).join();
    }
  }

  @Test
  void aLostLeaseCancelsItsHandler() {
    CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
    Worker worker =
        worker(
            job -> {
              job.onCancel(() -> cancelled.complete(true));
              return new CompletableFuture<>();
            });
    var unused = worker.start();
    stream(1).onNext(Events.jobs("a"));
    stream(1).onNext(Events.lost("a"));
    assertThat(cancelled.join()).isTrue();
    await().atMost(LONG).until(() -> told.contains("a LOST"));
    worker.stop(StopMode.WAIT, LONG).join();
    assertThat(service.requests(NackRequest.class)).isEmpty();
  }

  @Test
  void aBrokenStreamIsReplacedByOneForTheFreeHandlersAndItsLeasesExtended() {
    CompletableFuture<Result> result = new CompletableFuture<>();
    Worker worker = worker(job -> result);
    var unused = worker.start();
    stream(1).onNext(Events.jobs("a"));
    stream(1).onError(Status.UNAVAILABLE.asRuntimeException());
    stream(2);
    await().atMost(LONG).until(() -> !service.requests(ExtendLeaseRequest.class).isEmpty());
    assertThat(service.requests(ExtendLeaseRequest.class).get(0).getLeaseTokensList())
        .containsExactly("token-a");
    result.complete(Result.done());
    stream(3);
    assertThat(service.requests(WatchDueRequest.class))
        .extracting(WatchDueRequest::getMaxOutstandingJobs)
        .containsExactly(3, 2, 1);
    await().atMost(LONG).until(() -> told.contains("a ACKED"));
    worker.stop(StopMode.GIVE_BACK, LONG).join();
  }

  @Test
  void givesBackWhatRunsUncountedWhenItIsToldTo() {
    CompletableFuture<Boolean> begun = new CompletableFuture<>();
    Worker worker =
        worker(
            job -> {
              begun.complete(true);
              return new CompletableFuture<>();
            });
    var unused = worker.start();
    stream(1).onNext(Events.jobs("a"));
    begun.join();
    worker.stop(StopMode.GIVE_BACK, Duration.ZERO).join();
    if (hadItsTime()) {
      assertThat(told).containsExactly("a GIVEN_BACK");
      assertThat(service.requests(NackRequest.class)).hasSize(1);
      assertThat(service.requests(StopWatchRequest.class)).isNotEmpty();
    }
    assertThat(service.requests(NackRequest.class)).allMatch(NackRequest::getUncounted);
    assertThat(stops).hasValueLessThanOrEqualTo(1);
  }

  @Test
  void endsWithTheReasonWhenTheServiceRefuses() {
    com.google.rpc.Status refusal =
        com.google.rpc.Status.newBuilder()
            .setCode(Code.PERMISSION_DENIED_VALUE)
            .setMessage("not yours")
            .addDetails(Any.pack(ErrorInfo.newBuilder().setReason("NOT_YOURS").build()))
            .build();
    service.on(
        "WatchDue",
        (request, stream) -> stream.onError(StatusProto.toStatusRuntimeException(refusal)));
    assertThatThrownBy(() -> worker(job -> new CompletableFuture<>()).run())
        .isInstanceOfSatisfying(
            DuelineException.class, failure -> assertThat(failure.reason()).isEqualTo("NOT_YOURS"))
        .hasMessage("PERMISSION_DENIED: not yours");
  }

  @Test
  void jobsCanBeTakenOneAfterTheOther() throws InterruptedException {
    try (Jobs jobs = new Jobs(connection, settings())) {
      stream(1).onNext(Events.jobs("a", "b"));
      for (int i = 0; i < 2; i++) {
        Objects.requireNonNull(jobs.next(LONG)).ack();
      }
      assertThat(jobs.next(Duration.ZERO)).isNull();
    }
    if (hadItsTime()) {
      assertThat(service.requests(AckRequest.class))
          .flatExtracting(AckRequest::getLeaseTokensList)
          .containsExactlyInAnyOrder("token-a", "token-b");
    }
  }
}
