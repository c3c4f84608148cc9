package dev.dueline.client.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.client.DuelineException;
import dev.dueline.client.Events;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.WatchDueRequest;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a worker makes of handlers that end late or badly, and of a service that does not take it.
 */
@Timeout(180)
class WorkerFaultsTest extends WorkerFixture {
  private volatile boolean isListenerFaulty;

  @Override
  public void finished(Delivery delivery, Settlement settlement, Duration ran) {
    super.finished(delivery, settlement, ran);
    if (isListenerFaulty) {
      throw new IllegalStateException("a listener's own fault");
    }
  }

  private Worker start(WorkerSettings settings, JobHandler handler) {
    Worker worker = new Worker(connection, settings, handler, this);
    var unused = worker.start();
    return worker;
  }

  private Worker start(JobHandler handler) {
    return start(settings().withConcurrency(4), handler);
  }

  /** Succeeds, but not before it is cancelled. */
  private static CompletableFuture<Result> succeedWhenCancelled(Delivery job) {
    CompletableFuture<Result> result = new CompletableFuture<>();
    job.onCancel(() -> result.complete(Result.done()));
    return result;
  }

  @Test
  void aSuccessRightAfterTheRunTimeCounts() {
    // Long enough for the handler's thread to begin, which has a second more.
    WorkerSettings settings = settings().withMaxRunTime(Duration.ofSeconds(1));
    Worker worker = start(settings, WorkerFaultsTest::succeedWhenCancelled);
    stream(1).onNext(Events.jobs("a"));
    await().atMost(LONG).until(() -> !told.isEmpty());
    worker.stop(StopMode.GIVE_BACK, LONG).join();
    assertThat(told).containsExactly("a ACKED");
    assertThat(service.requests(NackRequest.class)).isEmpty();
  }

  /** A lost lease brings another job while its handler goes on, and then the stream drains. */
  @Test
  void moreJobsThanSlotsWithoutAStreamDoNoHarm() {
    CompletableFuture<Result> open = new CompletableFuture<>();
    Worker worker = start(job -> open);
    stream(1).onNext(Events.jobs("a", "b", "c", "d"));
    stream(1).onNext(Events.lost("a"));
    stream(1).onNext(Events.jobs("e"));
    stream(1).onNext(Events.draining("update"));
    await().atMost(LONG).until(() -> told.contains("a LOST"));
    open.complete(Result.done());
    stream(2);
    await().atMost(LONG).until(() -> told.containsAll(List.of("b ACKED", "c ACKED", "d ACKED")));
    worker.stop(StopMode.GIVE_BACK, LONG).join();
  }

  @Test
  void aStreamWhoseJobCouldNotBeSettledIsReplaced() {
    service.on("Ack", (request, answer) -> answer.onError(Status.INTERNAL.asRuntimeException()));
    Worker worker = start(job -> CompletableFuture.completedFuture(Result.done()));
    stream(1).onNext(Events.jobs("a"));
    stream(2);
    assertThat(told).containsExactly("a UNSETTLED");
    worker.stop(StopMode.GIVE_BACK, LONG).join();
  }

  @Test
  void endsWhenResultsAreRefused() {
    service.on(
        "Ack", (request, answer) -> answer.onError(Status.PERMISSION_DENIED.asRuntimeException()));
    Worker worker =
        new Worker(connection, settings(), job -> CompletableFuture.completedFuture(Result.done()));
    CompletableFuture<Void> end = worker.start();
    stream(1).onNext(Events.jobs("a"));
    assertThat(end)
        .failsWithin(LONG)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(DuelineException.class);
  }

  @Test
  void aDelayThatIsRefusedIsLeftToThePolicy() {
    service.on(
        "Nack",
        (request, answer) -> {
          if (((NackRequest) request).hasDelay()) {
            answer.onError(Status.INVALID_ARGUMENT.asRuntimeException());
          } else {
            answer.onNext(nacked((NackRequest) request));
            answer.onCompleted();
          }
        });
    Worker worker =
        start(job -> CompletableFuture.completedFuture(Result.retryIn(Duration.ofDays(1))));
    stream(1).onNext(Events.jobs("a"));
    await().atMost(LONG).until(() -> !told.isEmpty());
    worker.stop(StopMode.GIVE_BACK, LONG).join();
    assertThat(told).containsExactly("a NACKED");
  }

  @Test
  @SuppressWarnings("NullAway") // What a handler must not do, and may.
  void aHandlerThatReturnsNothingFailsItsJobAndNotTheWorker() {
    Worker worker =
        start(
            job ->
                switch (job.jobId()) {
                  case "null" -> null;
                  case "of-null" -> CompletableFuture.completedFuture(null);
                  default -> CompletableFuture.completedFuture(Result.done());
                });
    stream(1).onNext(Events.jobs("null", "of-null", "well"));
    await().atMost(LONG).until(() -> told.size() == 3);
    worker.stop(StopMode.WAIT, LONG).join();
    assertThat(told).containsExactlyInAnyOrder("null NACKED", "of-null NACKED", "well ACKED");
    assertThat(service.requests(NackRequest.class))
        .allMatch(nack -> nack.getReason().equals("the handler returned null"));
  }

  @Test
  void aListenerMayFail() {
    isListenerFaulty = true;
    Worker worker = start(job -> CompletableFuture.completedFuture(Result.done()));
    stream(1).onNext(Events.jobs("a", "b"));
    await().atMost(LONG).until(() -> told.contains("a ACKED") && told.contains("b ACKED"));
    worker.stop(StopMode.WAIT, LONG).join();
  }

  @Test
  void anActionOfACancelledJobMayFail() {
    Worker worker =
        start(
            job -> {
              job.onCancel(
                  () -> {
                    throw new IllegalStateException("an action's own fault");
                  });
              return succeedWhenCancelled(job);
            });
    stream(1).onNext(Events.jobs("a"));
    stream(1).onNext(Events.lost("a"));
    await().atMost(LONG).until(() -> told.contains("a LOST"));
    worker.stop(StopMode.GIVE_BACK, LONG).join();
  }

  @Test
  void timesMayBeLongerThanAClockCounts() {
    Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
    WorkerSettings settings = settings().withMaxRunTime(forEver);
    Worker worker =
        new Worker(
            connection, settings, job -> CompletableFuture.completedFuture(Result.done()), this);
    CompletableFuture<Void> end = worker.start();
    stream(1).onNext(Events.jobs("a"));
    await().atMost(LONG).until(() -> told.contains("a ACKED"));
    worker.stop(StopMode.WAIT, forEver).join();
    end.join();
  }

  @Test
  void aSlowJobOfABrokenStreamDoesNotKeepTheOthersFromHalfOfTheHandlers() {
    List<CompletableFuture<Result>> results =
        Stream.generate(() -> new CompletableFuture<Result>()).limit(4).toList();
    Worker worker = start(job -> results.get(Integer.parseInt(job.jobId())));
    stream(1).onNext(Events.jobs("0", "1", "2", "3"));
    stream(1).onError(Status.UNAVAILABLE.asRuntimeException());
    results.get(0).complete(Result.done());
    stream(2);
    results.get(1).complete(Result.done());
    results.get(2).complete(Result.done());
    stream(3);
    assertThat(service.requests(WatchDueRequest.class))
        .extracting(WatchDueRequest::getMaxOutstandingJobs)
        .containsExactly(4, 1, 2);
    worker.stop(StopMode.GIVE_BACK, LONG).join();
  }
}
